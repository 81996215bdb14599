import type { KittiwakeError } from '../core/errors.ts';
import { CODES } from './status-codes.ts';

/** The one map from stable error codes to HTTP statuses. 500 is for faults that the caller can do nothing about. */
export const STATUS: Readonly<Record<string, number>> = Object.fromEntries(
  Object.entries(CODES).flatMap(([status, codes]) => codes.map(code => [code, Number(status)])),
);

/** What of an error's data its answer shows; everything else stays inside. */
const SHOWN = [
  'current_revision',
  'diff',
  'hunks',
  'pages',
  'index',
  'sections',
  'needed',
  'limit',
  'used',
  'received',
] as const;

/** Said instead of messages that name stored objects. */
const PUBLIC_TEXT: Readonly<Record<string, string>> = {
  contention: 'The wiki is busy: nothing was written, try again',
  keys_unavailable: 'The keys of the issuer cannot be read, try again',
  outcome_unknown:
    'It is not known whether the change was written: send the same request again with the same Idempotency-Key',
  plugin_invalid: 'A plugin cannot be loaded: nothing was written, the log of the server says why',
  object_replaced: 'This wiki was replaced by another one',
  projection_unsettled: 'The search index is being changed by others, try again',
  search_busy: 'The search index is being built, try again',
  state_too_large: 'There is no room for more users or audit entries: nothing was written',
  storage_full: 'The storage is full: nothing was written',
  wiki_absent: 'The wiki has not been created yet',
};

/** What a caller may read of an error below 500, and of those above it that have a status of their own. */
export function publicText(error: KittiwakeError): string {
  return PUBLIC_TEXT[error.code] ?? error.message;
}

/** 500 for a code that is not known. */
export function statusOf(error: KittiwakeError): number {
  return STATUS[error.code] ?? 500;
}

export function shownData(error: KittiwakeError): Record<string, unknown> {
  const shown: Record<string, unknown> = {};
  for (const key of SHOWN) {
    if (error.data[key] !== undefined) shown[key] = error.data[key];
  }
  return shown;
}
