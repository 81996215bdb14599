import { isObject } from '../http/schema.ts';

/** Of one batch: they are carried out at the same time, and count as one request. */
const MAX_REQUESTS = 20;

/**
 * What a client of 2025 sent, as it can be answered in one go: of a batch the requests alone, as nothing that is told beside them
 * has any effect without a session, and one that is cancelled there would never be answered.
 * @returns undefined for a batch that cannot be answered: too large, or with one id twice
 */
export function asRequests(body: unknown): unknown {
  if (!Array.isArray(body)) return body;
  const requests: unknown[] = body.filter(message => isObject(message) && Object.hasOwn(message, 'method'));
  const ids = requests.flatMap(message =>
    isObject(message) && Object.hasOwn(message, 'id') ? [message.id] : [],
  );
  if (ids.length === 0) return body;
  if (ids.length > MAX_REQUESTS || new Set(ids).size < ids.length) return undefined;
  return requests.filter(message => isObject(message) && Object.hasOwn(message, 'id'));
}
