import type { Causes } from './causes.ts';
import type { Known } from './mirror.ts';
import { answer, refuse, type Waiter } from './waiter.ts';

/** The verdict on one intent of a group. */
interface Opinion<V> {
  readonly waiter: Waiter<V>;
  readonly kind: 'change' | 'keep' | 'refusal';
  /** The result, or what was thrown. */
  readonly said: unknown;
  /** Rests on the change of a neighbour that is not stored yet. */
  readonly above: boolean;
}

/** Intents evaluated one after the other, each on what its predecessors made of the value. */
export interface Group<V> {
  readonly value: V;
  readonly changes: number;
  readonly opinions: readonly Opinion<V>[];
}

/** Evaluates `waiters` in order, beginning with `value`. A refusal leaves the value to the next one as it was. */
export async function evaluate<V>(
  waiters: readonly Waiter<V>[],
  value: V,
  causes: Causes,
): Promise<Group<V>> {
  const opinions: Opinion<V>[] = [];
  let changes = 0;
  let current = value;
  for (const waiter of waiters) {
    if (waiter.answered) continue;
    const above = changes > 0;
    try {
      const verdict = await causes.during([waiter.cause], () => waiter.intent.apply(current));
      opinions.push({ waiter, kind: verdict.kind, said: verdict.result, above });
      if (verdict.kind === 'change') {
        current = verdict.value;
        changes += 1;
      }
    } catch (error) {
      opinions.push({ waiter, kind: 'refusal', said: error, above });
    }
  }
  return { value: current, changes, opinions };
}

/** True when a caller was answered although the group's value holds its change: such a value must not be stored. */
export function isOutdated<V>(group: Group<V>): boolean {
  return group.opinions.some(({ kind, waiter }) => kind === 'change' && waiter.answered);
}

/** True when a put is needed: for a change, or to rule out that an unsettled put of a member still lands. */
export function needsPut<V>(group: Group<V>): boolean {
  return (
    group.changes > 0 || group.opinions.some(({ waiter }) => !waiter.answered && waiter.base !== undefined)
  );
}

/** Notes on which version a put of the group's changes rests. Returns those for whom it is the only unsettled put. */
export function markUnsettled<V>(group: Group<V>, base: Known<V>): Waiter<V>[] {
  const fresh: Waiter<V>[] = [];
  for (const { waiter, kind } of group.opinions) {
    if (kind !== 'change') continue;
    waiter.tried = true;
    if (waiter.base !== undefined) continue;
    waiter.base = base;
    fresh.push(waiter);
  }
  return fresh;
}

/** For whom a put of the group is made. */
export function causesOf<V>(group: Group<V>): unknown[] {
  return group.opinions.map(({ waiter }) => waiter.cause);
}

/** For whom a put of the group is not the first. To be asked before {@link markUnsettled}. */
export function retriesOf<V>(group: Group<V>): unknown[] {
  const again = group.opinions.filter(({ kind, waiter }) => kind === 'change' && waiter.tried);
  return again.map(({ waiter }) => waiter.cause);
}

/** Answers everybody. */
export function answerAll<V>(group: Group<V>): void {
  for (const opinion of group.opinions) tell(opinion);
}

/**
 * Answers those whose verdict rests on nothing but `base`, and on it as the store confirmed it after they came: nothing
 * that happens to the put changes it.
 */
export function answerConfirmed<V>(group: Group<V>, base: Known<V>): void {
  for (const opinion of group.opinions) {
    const { waiter, kind, above } = opinion;
    if (kind === 'change' || above || waiter.base !== undefined) continue;
    if (base.checkedTick > waiter.submittedTick) tell(opinion);
  }
}

function tell<V>({ waiter, kind, said }: Opinion<V>): void {
  if (kind === 'refusal') refuse(waiter, said);
  else answer(waiter, said);
}
