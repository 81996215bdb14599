import { createGunzip } from 'node:zlib';
import { through } from '../git/large/blob-pack.ts';
import type { HttpRequest } from '../http/message.ts';
import { receivedChunks } from '../http/received-chunks.ts';
import { gitRequestInvalid } from './errors.ts';

const GZIP = new Set(['gzip', 'x-gzip']);

/**
 * The body of a request as it comes, inflated where git has packed it (Content-Encoding: gzip).
 * @throws KittiwakeError `git_request_invalid` for other encodings, and for what does not inflate; `body_cut`
 */
export async function* bodyChunks({ body, headers }: HttpRequest): AsyncGenerator<Uint8Array> {
  const encoding = (headers['content-encoding'] ?? 'identity').trim().toLowerCase();
  const chunks = receivedChunks(body);
  if (encoding === 'identity') yield* chunks;
  else if (GZIP.has(encoding)) yield* inflated(chunks);
  else throw gitRequestInvalid(`its Content-Encoding is ${JSON.stringify(encoding)}, wanted gzip`);
}

async function* inflated(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  try {
    yield* through(chunks, createGunzip());
  } catch (error) {
    const { code = '' } = error as { code?: string };
    throw code.startsWith('Z_') ? gitRequestInvalid('its body is no gzip') : error;
  }
}
