import { expect } from 'vitest';
import { sha256 } from '../../support/large-files.ts';
import type { ApiClient, Reply } from './client.ts';

/** Uploads by a presigned URL; what it resolves with attaches the upload. `list` is the path of a page's attachments. */
export async function upload(
  { call }: ApiClient,
  list: string,
  filename: string,
  bytes: Buffer,
): Promise<() => Promise<Reply>> {
  const promise = { filename, upload: 'presigned', size: bytes.length, sha256: sha256(bytes) };
  const { status, body } = await call('POST', list, promise);
  expect([status, body.error]).toEqual([200, undefined]);
  const { id, url, method, headers } = body.upload;
  expect((await fetch(url, { method, headers, body: new Uint8Array(bytes) })).status).toBe(200);
  return () => call('POST', list, { filename, upload: id });
}
