import { KittiwakeError } from '../core/errors.ts';

/** The wire contract's message. */
export function queryRequired(): KittiwakeError {
  return new KittiwakeError('query_required', "Query parameter 'q' is required");
}

export function queryTooLong(unit: 'characters' | 'terms', count: number, limit: number): KittiwakeError {
  return new KittiwakeError(
    'query_too_long',
    `Searching: the query has ${count} ${unit}, the limit is ${limit}`,
    { data: { unit, count, limit } },
  );
}

/** Another process is rebuilding the index, and went on for longer than this request waits. */
export function searchBusy(file: string, waitedMs: number): KittiwakeError {
  return new KittiwakeError(
    'search_busy',
    `Searching: another process is building the index "${file}" and was not done after ${waitedMs} ms`,
    { data: { waitedMs } },
  );
}

/** The place where the index lies damages what is written there. */
export function searchBroken(file: string, cause: unknown): KittiwakeError {
  return new KittiwakeError(
    'search_broken',
    `Searching: the index "${file}" was damaged again right after it had been made anew`,
    { data: { file }, cause },
  );
}

/** It is of no use; the index is made from the pages. */
export function publishedDamaged(key: string, reason: string): KittiwakeError {
  return new KittiwakeError('search_snapshot_damaged', `Reading the search index "${key}": ${reason}`, {
    data: { key },
  });
}

/** What was taken in stays, and the next run goes on with the rest. */
export function projectionLate(name: string): KittiwakeError {
  return new KittiwakeError(
    'deadline_exceeded',
    `Bringing the projection "${name}" to the head: it was not done in time`,
    { data: { name } },
  );
}

export function projectionUnsettled(name: string, attempts: number): KittiwakeError {
  return new KittiwakeError(
    'projection_unsettled',
    `Bringing the projection "${name}" to the head: other processes moved it ${attempts} times meanwhile`,
    { data: { name, attempts } },
  );
}

/** Without it nobody knows what was taken in: a rebuild makes it anew. */
export function stateUnreadable(key: string): KittiwakeError {
  return new KittiwakeError('object_unreadable', `Reading "${key}": it is no state of a projection`, {
    data: { key },
  });
}

/** @param position where in the query, from 1, in code points; what stands there, or would be right, is in the reason */
export function queryNotUnderstood(position: number, reason: string): KittiwakeError {
  return new KittiwakeError(
    'query_invalid',
    `Searching: the query is not understood at character ${position}: ${reason}`,
    { data: { position } },
  );
}

/** Who follows the changes has to read the wiki anew. */
export function changesGone(since: string): KittiwakeError {
  return new KittiwakeError(
    'changes_gone',
    `Reading the changes since "${since}": no such commit is in the history any more, or never was; read the pages anew, and go on without "since"`,
    { data: { since } },
  );
}

export function sinceInvalid(since: string): KittiwakeError {
  return new KittiwakeError(
    'cursor_invalid',
    `Reading the changes: "since" is "${since}", wanted "cursor" of an answer before, the id of an event, or "start"`,
    { data: { since } },
  );
}

export function reportUnknown(name: string, known: readonly string[]): KittiwakeError {
  return new KittiwakeError(
    'route_not_found',
    `Reporting: there is no report ${JSON.stringify(name)}, there are ${known.join(', ')}`,
  );
}
