import { KittiwakeError } from '../../core/errors.ts';

export function messageInvalid(id: string, reason: string): KittiwakeError {
  return new KittiwakeError(
    'outbox_message_invalid',
    `Adding the message ${JSON.stringify(id)} to the outbox: ${reason}`,
    { data: { id } },
  );
}

export function messageAbsent(id: string): KittiwakeError {
  return new KittiwakeError(
    'outbox_message_absent',
    `Looking for the message ${JSON.stringify(id)}: there is none, or it was sent too long ago`,
    { data: { id } },
  );
}

export function messageWaiting(id: string): KittiwakeError {
  return new KittiwakeError(
    'outbox_message_waiting',
    `Replaying the message "${id}": it was not sent or given up yet, wanted one that was`,
    { data: { id } },
  );
}

/** Nobody knows whether they are there; adding them again does no harm. */
export function outboxUnsettled(key: string, cause: unknown): KittiwakeError {
  return new KittiwakeError(
    'outbox_unsettled',
    `Writing "${key}": the store did not tell whether it was written; the next run adds it again`,
    { data: { key }, cause },
  );
}

export function messageUnreadable(): KittiwakeError {
  return new KittiwakeError(
    'object_unreadable',
    'Reading a document: it is no message of an outbox as it should be',
  );
}
