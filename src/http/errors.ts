import { KittiwakeError } from '../core/errors.ts';

/** The factories of what the HTTP layer itself refuses. Statuses are in `status.ts`. */

export function routeNotFound(): KittiwakeError {
  return new KittiwakeError('route_not_found', 'There is nothing at this address');
}

export function methodNotAllowed(method: string, allowed: readonly string[]): KittiwakeError {
  return new KittiwakeError(
    'method_not_allowed',
    `Method ${method} is not allowed here, only ${allowed.join(', ')}`,
    { data: { allowed } },
  );
}

export function urlInvalid(what: string): KittiwakeError {
  return new KittiwakeError('path_invalid', `Invalid path: ${what}`);
}

export function queryInvalid(message: string): KittiwakeError {
  return new KittiwakeError('query_invalid', message);
}

/** `message` is one of the contract's texts, or says which field has which wrong type. */
export function bodyInvalid(message: string): KittiwakeError {
  return new KittiwakeError('body_invalid', message);
}

export function bodyTooLarge(maxBytes: number): KittiwakeError {
  return new KittiwakeError('body_too_large', `Request body is too large: the limit is ${maxBytes} bytes`, {
    data: { maxBytes },
  });
}

/** The connection ended before the body did: nobody is left to read an answer. */
export function bodyCut(cause: unknown): KittiwakeError {
  return new KittiwakeError('body_cut', 'Request body ended early', { cause });
}

export function idempotencyKeyInvalid(): KittiwakeError {
  return new KittiwakeError(
    'idempotency_key_invalid',
    'Invalid Idempotency-Key: it must be 1 to 255 printable ASCII characters',
  );
}

/** A body that is taken as it is must say how long it is: the pack that it goes into begins with that. */
export function lengthRequired(): KittiwakeError {
  return new KittiwakeError('length_required', 'Uploading needs a Content-Length header');
}

/** What this platform cannot send. */
export function answerTooLarge(maxBytes: number): KittiwakeError {
  return new KittiwakeError(
    'answer_too_large',
    `The answer is larger than can be sent here (${maxBytes} bytes): ask for less, for an attachment with ?download=presigned, for an export with ?prefix= or by "kittiwake export"`,
  );
}

/** Whoever stands in front of the function has a secret; this request did not come that way. */
export function originRefused(): KittiwakeError {
  return new KittiwakeError('origin_refused', 'This address is not for callers: use the one in front of it');
}
