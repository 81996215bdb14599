import type { Given } from '../../db/state/state-database.ts';
import type { AuditRow, State } from '../../db/state/state-schema.ts';
import { isStorable } from '../storable-text.ts';
import type { AuditEntry, AuditEvent, AuditOutcome, AuditQuery } from './audit.ts';

const MAX_DETAIL_CHARACTERS = 4_096;

/** Where a list of entries goes on: before this one. */
export interface Place {
  atMs: number;
  id: string;
}

/**
 * Adds an entry in the transaction of what it tells of, and removes what is older than `keepMs`.
 * @returns its id
 */
export async function insertEntry(
  state: State,
  given: Given,
  event: AuditEvent,
  { outcome, keepMs }: { outcome: 'begun' | 'done'; keepMs: number },
): Promise<string> {
  const { nowMs } = given;
  const id = given.id();
  const { actor, action, subject } = event;
  const endedMs = outcome === 'begun' ? null : nowMs;
  const what = { actor, action, subject, detail: detailOf(event) };
  await state
    .insertInto('audit')
    .values({ id, at_ms: nowMs, ...what, outcome, code: null, ended_ms: endedMs })
    .execute();
  await removeOlder(state, nowMs - keepMs);
  return id;
}

/** Says how an entry that was begun ended. */
export async function endEntry(
  state: State,
  { nowMs }: Given,
  { id, outcome, code }: { id: string; outcome: AuditOutcome; code: string | undefined },
): Promise<void> {
  await state
    .updateTable('audit')
    .set({ outcome, code: code ?? null, ended_ms: nowMs })
    .where('id', '=', id)
    .execute();
}

export async function removeOlder(state: State, beforeMs: number): Promise<void> {
  await state.deleteFrom('audit').where('at_ms', '<', beforeMs).execute();
}

/** Newest first. */
export async function listEntries(
  state: State,
  {
    actor,
    action,
    before,
    limit,
  }: Pick<AuditQuery, 'actor' | 'action'> & { before?: Place | undefined; limit: number },
): Promise<AuditEntry[]> {
  if (!isStorable(`${actor}${action}`)) return [];
  let query = state.selectFrom('audit').selectAll();
  if (actor !== undefined) query = query.where('actor', '=', actor);
  if (action !== undefined)
    query = isThing(action)
      ? query.where('action', 'like', `${action}%`)
      : query.where('action', '=', action);
  if (before) {
    query = query.where(row =>
      row.or([
        row('at_ms', '<', before.atMs),
        row.and([row('at_ms', '=', before.atMs), row('id', '<', before.id)]),
      ]),
    );
  }
  const rows = await query.orderBy('at_ms', 'desc').orderBy('id', 'desc').limit(limit).execute();
  return rows.map(entryOf);
}

/** `user.` means all that is done to users. Letters and a dot alone: nothing that `like` takes for more than it is. */
function isThing(action: string): boolean {
  return /^[a-z]+\.$/.test(action);
}

function detailOf({ detail = {} }: AuditEvent): string {
  const text = JSON.stringify(detail);
  return text.length <= MAX_DETAIL_CHARACTERS ? text : JSON.stringify({ omitted: text.length });
}

function entryOf(row: AuditRow): AuditEntry {
  return {
    id: row.id,
    atMs: row.at_ms,
    actor: row.actor,
    action: row.action,
    subject: row.subject,
    detail: JSON.parse(row.detail),
    outcome: row.outcome as AuditOutcome,
    ...(row.code === null ? {} : { code: row.code }),
    ...(row.ended_ms === null ? {} : { endedMs: row.ended_ms }),
  };
}
