import { stateUnreadable } from '../errors.ts';
import type { Cursor } from '../projection.ts';
import type { Condition, SetAside } from '../runnable.ts';

/** What a projection keeps about itself. */
export interface ProjectionState<E> {
  /** Null: nothing was taken in yet. */
  cursor: Cursor | null;
  /** Events of the commit after the cursor that were taken in; of projections that follow events. */
  told: number;
  /** That commit, where some were. */
  toldOf?: string | undefined;
  /** At most {@link MAX_SET_ASIDE}, those that were set aside first in front. */
  setAside: readonly SetAside[];
  /** How many found no room among those. */
  dropped: number;
  /** What it keeps besides. */
  own: E;
}

export type ParseOwn<E> = (own: unknown) => E;

export function conditionOf({ cursor, setAside, dropped }: ProjectionState<unknown>): Condition {
  return { cursor: cursor ?? undefined, setAside, dropped };
}

/** @throws KittiwakeError `object_unreadable`; what `parseOwn` throws */
export function parseState<E>(body: unknown, parseOwn: ParseOwn<E>, key: string): ProjectionState<E> {
  const { cursor, told, toldOf, setAside, dropped, own } = (body ?? {}) as Partial<ProjectionState<E>>;
  const isSound =
    (cursor === null || isCursor(cursor)) &&
    isCount(told) &&
    (toldOf === undefined || typeof toldOf === 'string') &&
    isCount(dropped) &&
    Array.isArray(setAside) &&
    setAside.every(isSetAside);
  if (!isSound) throw stateUnreadable(key);
  return { cursor, told, toldOf, setAside, dropped, own: parseOwn(own) } as ProjectionState<E>;
}

function isCursor(value: unknown): value is Cursor {
  const { head, ordinal } = (value ?? {}) as Partial<Cursor>;
  return (head === null || typeof head === 'string') && Number.isSafeInteger(ordinal);
}

function isSetAside(value: unknown): value is SetAside {
  const { item, code, message, sinceMs, dueMs, attempts } = (value ?? {}) as Partial<SetAside>;
  return (
    [item, code, message].every(text => typeof text === 'string') &&
    [sinceMs, dueMs, attempts].every(Number.isSafeInteger)
  );
}

function isCount(value: unknown): boolean {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}
