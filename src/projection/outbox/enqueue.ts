import { outboxUnsettled } from './errors.ts';
import { checkMessage, firstVersion, keyOf, type OutboxMessage, type OutboxPlace } from './outbox-message.ts';

/** Puts on their way at once. */
const WIDTH = 8;

/** Of one put; what repeats it writes the same bytes. */
const MAX_TRIES = 5;

/** See {@link Outbox.enqueue}. */
export async function enqueueMessages(
  place: OutboxPlace,
  messages: readonly OutboxMessage[],
): Promise<number> {
  for (const message of messages) checkMessage(message);
  const queue = [...messages];
  let added = 0;
  const worker = async () => {
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
      const { id } = next;
      if (await putFirst(place, keyOf(place, 'due', id), firstVersion(place, next))) added += 1;
    }
  };
  await Promise.all(Array.from({ length: WIDTH }, worker));
  return added;
}

/**
 * Makes sure that there is an object. It may be put back by a put that was under way for long, after it was deleted: whoever
 * sends looks whether the message has ended.
 * @returns false when there was one
 * @throws KittiwakeError `outbox_unsettled`; those of the store
 */
export async function putFirst(
  { store, runtime }: Pick<OutboxPlace, 'store' | 'runtime'>,
  key: string,
  bytes: readonly Uint8Array[],
): Promise<boolean> {
  let cause: unknown;
  for (let attempt = 0; attempt < MAX_TRIES; attempt += 1) {
    if (attempt > 0) await runtime.sleep(runtime.random() * 50 * 2 ** attempt);
    const outcome = await store.put(key, bytes, { ifAbsent: true });
    if (outcome.kind === 'stored') return true;
    // Nothing was written, and another one was: that one may have been refused.
    if (outcome.kind === 'conflict' && outcome.reason !== 'concurrent') return false;
    cause = outcome.kind === 'unknown' ? outcome.cause : undefined;
  }
  throw outboxUnsettled(key, cause);
}
