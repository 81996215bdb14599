import { isKittiwakeError } from '../core/errors.ts';
import { bodyCut } from './errors.ts';
import type { HttpRequest } from './message.ts';

/** A body as it comes. @throws KittiwakeError `body_cut` when the client goes away */
export async function* receivedChunks(body: HttpRequest['body']): AsyncGenerator<Uint8Array> {
  if (body instanceof Uint8Array) {
    yield body;
    return;
  }
  try {
    yield* body;
  } catch (error) {
    throw isKittiwakeError(error) ? error : bodyCut(error);
  }
}
