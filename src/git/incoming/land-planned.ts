import { isDeepStrictEqual } from 'node:util';
import type { Intent, Verdict } from '../../swap/swap.ts';
import type { PackBatches } from '../foreign/pack-batches.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { LedgerRepository } from '../open.ts';
import type { LedgerView } from '../view/view.ts';
import type { LandOptions, RefUpdate } from './incoming.ts';
import { wayOf } from './land-commits.ts';
import { deadlineOf, LandingIntent } from './landing-intent.ts';
import { planLanding } from './landing-plan.ts';
import { openUpdates } from './ref-updates.ts';
import { WikiObjects } from './wiki-objects.ts';

/** What is to land on one version of a wiki. */
export interface PlannedLanding<R> {
  /** None: nothing is to be done. */
  updates: readonly RefUpdate[];
  result: R;
}

export interface LandPlannedOptions<R> extends Omit<LandOptions, 'updates'> {
  /** Decides for a version on which it may land, from that and immutable data alone; what it makes it adds to the objects. */
  plan(view: LedgerView): Promise<PlannedLanding<R>>;
}

/**
 * Lands what follows from the newest version, such as a merge: when somebody is faster it is planned anew, in the swap. Beside
 * writers who never pause it asks for a turn. Resolves with the result of the plan that has landed, or had nothing to do.
 * @throws KittiwakeError what `plan` throws; those of `landCommits`, but not for a ref that was moved meanwhile
 */
export async function landPlanned<R>(options: LandPlannedOptions<R>): Promise<R> {
  const { repository } = options;
  const intent = new PlannedIntent(options);
  await intent.prepare();
  const { commits, result } = await repository.amend(intent);
  if (commits > 0) repository.onCommit();
  return result;
}

interface Done<R> {
  /** That the main line got. */
  commits: number;
  result: R;
}

interface Planned<R> {
  /** That it is for. */
  ledger: Ledger;
  result: R;
  /** Undefined: nothing is to be done. */
  landing: LandingIntent | undefined;
}

class PlannedIntent<R> implements Intent<Ledger, Done<R>> {
  readonly deadlineMs: number;
  readonly isLong = true;
  readonly #options: LandPlannedOptions<R>;
  readonly #repository: LedgerRepository;
  #prepared: Planned<R> | undefined;
  /** What the first attempt has stored, which is most of what any of them needs. */
  #stored: PackBatches | undefined;
  /** By what was planned for each: any of them may be the one that lands. */
  readonly #attempts = new Map<LandingIntent, R>();

  constructor(options: LandPlannedOptions<R>) {
    this.#options = options;
    this.#repository = options.repository;
    this.deadlineMs = deadlineOf({ ...options, updates: [] });
  }

  /** Makes and stores what mostly lands as it is, and is built on where somebody is faster. */
  async prepare(): Promise<void> {
    this.#prepared = await this.#planned(await this.#repository.view({ maxAgeMs: 0 }));
  }

  async apply(current: Ledger): Promise<Verdict<Ledger, Done<R>>> {
    this.#options.signal?.throwIfAborted();
    const { result, landing } = await this.#plannedFor(current);
    const verdict = await landing?.apply(current);
    if (landing === undefined || verdict?.kind !== 'change')
      return { kind: 'keep', result: { commits: 0, result } };
    this.#attempts.set(landing, result);
    return { ...verdict, result: { commits: verdict.result.commits, result } };
  }

  async settle(current: Ledger, base: Ledger): Promise<Done<R> | undefined> {
    // A later one lists what an earlier one has stored.
    for (const [landing, result] of [...this.#attempts].reverse()) {
      const landed = await landing.settle(current, base);
      if (landed) return { commits: landed.commits, result };
    }
    return undefined;
  }

  async #plannedFor(current: Ledger): Promise<Planned<R>> {
    const before = this.#prepared;
    const isFor = ({ ledger }: Planned<R>) =>
      ledger.epoch === current.epoch && isDeepStrictEqual(ledger.refs, current.refs);
    return before && isFor(before) ? before : await this.#planned(this.#repository.viewOf(current));
  }

  async #planned(view: LedgerView): Promise<Planned<R>> {
    const { ledger } = view;
    const { updates, result } = await this.#options.plan(view);
    const open = openUpdates(ledger, updates);
    if (open.length === 0) return { ledger, result, landing: undefined };
    const plan = await planLanding(
      { ...this.#options, updates },
      new WikiObjects(this.#repository, view),
      open,
    );
    const way = await wayOf(plan, this.#stored);
    this.#stored ??= way.stored;
    return { ledger, result, landing: new LandingIntent(plan, way) };
  }
}
