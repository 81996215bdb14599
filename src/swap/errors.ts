import { KittiwakeError } from '../core/errors.ts';

/** Nobody ever created the object, as far as this process knows. */
export function objectAbsent(key: string): KittiwakeError {
  return new KittiwakeError(
    'object_absent',
    `Reading "${key}": there is no such object, it must be created first`,
    {
      data: { key },
    },
  );
}

export function objectExists(key: string): KittiwakeError {
  return new KittiwakeError('object_exists', `Creating "${key}": the object exists already, wanted none`, {
    data: { key },
  });
}

/** The object that this process has seen is gone, or went back to an older version. Nothing is written onto that. */
export function objectLost(key: string, state: string): KittiwakeError {
  return new KittiwakeError(
    'object_lost',
    `Reading "${key}": ${state}; nothing is written until it is restored`,
    {
      data: { key },
    },
  );
}

export function objectReplaced(key: string, seenUuid: string, uuid: string): KittiwakeError {
  return new KittiwakeError(
    'object_replaced',
    `Reading "${key}": it holds the object "${uuid}", this process works on "${seenUuid}"`,
    { data: { key, uuid, seenUuid } },
  );
}

/** The bytes are there and cannot be decoded. */
export function objectUnreadable(key: string, cause: unknown): KittiwakeError {
  return new KittiwakeError('object_unreadable', `Reading "${key}": the bytes could not be decoded`, {
    data: { key },
    cause,
  });
}

/** Known not to be applied, now or later. */
export function contention(key: string, retryAfterMs: number, cause?: unknown): KittiwakeError {
  return new KittiwakeError('contention', `Writing "${key}": gave up at the deadline, nothing was written`, {
    data: { key, retryAfterMs },
    cause,
  });
}

/** The write may be applied, or may become so. */
export function outcomeUnknown(key: string, cause?: unknown): KittiwakeError {
  return new KittiwakeError(
    'outcome_unknown',
    `Writing "${key}": gave up before the store told whether it was written; repeat it with the same Idempotency-Key`,
    { data: { key }, cause },
  );
}

/** What a writer waits for did not come in time; of a put, the outcome is unknown. Never leaves the module but as a cause. */
export class TimedOut extends Error {
  constructor(key: string, timeoutMs: number) {
    super(`Writing "${key}": no answer within ${timeoutMs} ms`);
    this.name = 'TimedOut';
  }
}
