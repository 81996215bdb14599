import { expect } from 'vitest';
import { sha256 } from './large-files.ts';
import type { ServedWiki } from './served-wiki.ts';

/** What the API answered to a client that wants to upload. */
export interface Prepared {
  id: string;
  method: string;
  url: string;
  headers: Record<string, string>;
}

/** Asks for the URL of an upload; `list` is the path of the page's attachments. */
export async function prepareUpload(
  wiki: ServedWiki,
  list: string,
  filename: string,
  bytes: Buffer,
): Promise<Prepared> {
  const body = { filename, upload: 'presigned', size: bytes.length, sha256: sha256(bytes) };
  const answer = await wiki.call('POST', list, body);
  expect([answer.status, answer.body.error]).toEqual([200, undefined]);
  return answer.body.upload;
}

/** Sends the bytes as the answer says, or with other headers. */
export function sendUpload(
  { url, method, headers }: Prepared,
  bytes: Buffer,
  other: Record<string, string> = {},
): Promise<Response> {
  return fetch(url, { method, headers: { ...headers, ...other }, body: new Uint8Array(bytes) });
}
