import { outcomeUnknown } from '../../swap/errors.ts';
import type { Intent, Verdict } from '../../swap/swap.ts';
import type { PackBatches } from '../foreign/pack-batches.ts';
import type { Ledger, PackRef } from '../ledger/ledger.ts';
import { ledgerKey, MAIN_REF } from '../ledger/ledger.ts';
import type { Oid } from '../object/objects.ts';
import type { Landed, LandOptions, RefUpdate } from './incoming.ts';
import { LandingHistory } from './landing-history.ts';
import type { LandingPlan } from './landing-plan.ts';
import { openUpdates } from './ref-updates.ts';

const DEADLINE_MS = 120_000;

/** A way to put what was planned into a ledger whose main line is where it was when it was planned. */
export interface LandingWay {
  /** That it lists, and no other way. */
  packs: readonly PackRef[];
  /** The objects that it has stored, for the next attempt; absent: none. */
  stored?: PackBatches;
  /**
   * @param moves false: somebody else has put these commits on the main line, and what remains is what other refs need
   * @throws KittiwakeError `packs_collected`
   */
  onto(current: Ledger, moves: boolean): Promise<Ledger>;
}

/**
 * Everything that was asked for, as one change of the ledger. It asks for no turn of its own: whoever was faster with a commit has
 * moved the head, and then it is refused.
 */
export class LandingIntent implements Intent<Ledger, Landed> {
  readonly deadlineMs: number;
  readonly #plan: LandingPlan;
  readonly #way: LandingWay;

  constructor(plan: LandingPlan, way: LandingWay) {
    this.#plan = plan;
    this.#way = way;
    this.deadlineMs = deadlineOf(plan.options);
  }

  async apply(current: Ledger): Promise<Verdict<Ledger, Landed>> {
    const { options, head } = this.#plan;
    options.signal?.throwIfAborted();
    const open = openUpdates(current, this.#plan.updates);
    if (open.length === 0) return { kind: 'keep', result: landed(current, 0) };
    await this.#plan.wiki.refuseLost(current);
    const view = options.repository.viewOf(current);
    await options.check?.(view, new LandingHistory(this.#plan, view));
    const moves = open.some(({ ref }) => ref === MAIN_REF);
    const value = withRefs(await this.#way.onto(current, moves), open);
    const commits = moves ? this.#plan.commits.length : 0;
    return {
      kind: 'change',
      value,
      result: { changed: true, commits, head: head ?? current.refs[MAIN_REF] },
    };
  }

  /**
   * The main line is found again by its commit, whoever has gone on from there, and without that nothing has landed. Beside that the
   * packs are a proof, or all refs where they should be.
   * @throws KittiwakeError `outcome_unknown` when somebody has moved another ref since, and nothing else tells
   */
  async settle(current: Ledger, base: Ledger): Promise<Landed | undefined> {
    const { updates, commits } = this.#plan;
    const found = { changed: true, commits: commits.length, head: current.refs[MAIN_REF] };
    const open: RefUpdate[] = [];
    for (const update of updates) if (!(await this.#isDone(current, update))) open.push(update);
    if (open.some(({ ref }) => ref === MAIN_REF)) return undefined;
    if (open.length === 0 || this.#isListed(current.packs)) return found;
    if (this.#way.packs.length > 0 && !this.#isListed(current.condemned)) return undefined;
    const isMoved = open.some(({ ref }) => current.refs[ref] !== base.refs[ref]);
    // One version after the base there is room for one swap, and that was not this one.
    if (!isMoved || current.stamp.seq <= base.stamp.seq + 1) return undefined;
    throw outcomeUnknown(ledgerKey(this.#plan.options.repository.uuid));
  }

  #isListed(named: readonly { name: string }[]): boolean {
    const names = new Set(this.#way.packs.map(({ name }) => name));
    return named.some(({ name }) => names.has(name));
  }

  async #isDone(current: Ledger, { ref, after }: RefUpdate): Promise<boolean> {
    if (current.refs[ref] === after) return true;
    if (ref !== MAIN_REF || after === undefined) return false;
    const view = this.#plan.options.repository.viewOf(current);
    return (await view.layers.findCommit(after)) !== undefined || (await view.isPurged(after));
  }
}

/** When the caller stops waiting, in runtime milliseconds. */
export function deadlineOf({ repository, deadlineMs }: LandOptions): number {
  return deadlineMs ?? repository.runtime.now() + DEADLINE_MS;
}

export function landed(ledger: Ledger, commits: number): Landed {
  return { changed: commits > 0, commits, head: ledger.refs[MAIN_REF] };
}

/** The time of the head with commits of `seconds`: a clock that is ahead of ours does not lead all that follow astray. */
export function clampedSeconds({ headSeconds }: Ledger, seconds: number, nowMs: number): number {
  return Math.max(headSeconds, Math.min(seconds, Math.floor(nowMs / 1000)));
}

function withRefs(ledger: Ledger, updates: readonly RefUpdate[]): Ledger {
  const refs: Record<string, Oid> = { ...ledger.refs };
  for (const { ref, after } of updates)
    if (after === undefined) delete refs[ref];
    else refs[ref] = after;
  const leaves = updates.some(({ ref, before }) => ref !== MAIN_REF && before !== undefined);
  return { ...ledger, refs, ...(leaves ? { strays: true as const } : {}) };
}
