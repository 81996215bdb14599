import { isDeepStrictEqual } from 'node:util';
import type { Intent, Verdict } from '../../../swap/swap.ts';
import { sign } from '../../commit/commit.ts';
import { applyFlush } from '../../flush/flush.ts';
import { writeFlush } from '../../flush/write-flush.ts';
import type { Ledger, PackRef } from '../../ledger/ledger.ts';
import { MAIN_REF } from '../../ledger/ledger.ts';
import type { Commit, Oid } from '../../object/objects.ts';
import type { LedgerView } from '../../view/view.ts';
import type { Built } from '../build/build.ts';
import type { BulkCommit, BulkResult, Refusal } from '../bulk.ts';
import type { BulkRow } from '../bulk-run.ts';
import { findLanded, landedBefore } from './find-landed.ts';
import { KnownRows } from './known-rows.ts';
import { PackCheck } from './pack-check.ts';
import type { Patch } from './patch.ts';
import { patchBuilt } from './patch.ts';
import { storeTop } from './top-layer.ts';

/** A disk or a bucket may be slow, and what others committed is looked through. */
const DEADLINE_MS = 120_000;

export type Landing =
  | { kind: 'landed'; result: BulkResult; left: readonly { row: BulkRow; why: Refusal }[] }
  /** What everything was made on is no longer true. */
  | { kind: 'rebuild' };

const REBUILD: Verdict<Ledger, Landing> = { kind: 'keep', result: { kind: 'rebuild' } };

/** What one attempt has made. */
interface Made {
  patch: Patch;
  commit: Commit;
  top: Awaited<ReturnType<typeof storeTop>>;
}

/** Puts built trees on the head of that moment, as one commit. */
export class LandIntent implements Intent<Ledger, Landing> {
  readonly deadlineMs: number;
  readonly isLong = true;
  readonly #options: BulkCommit;
  readonly #built: Built;
  readonly #check: PackCheck;
  readonly #known: KnownRows;
  /** What each commit made so far answers: any of them may be the one that lands. */
  readonly #landings = new Map<Oid, Landing>();

  /** The newest commit up to which there is none of these. */
  #lookedThrough: Oid | undefined;

  constructor(options: BulkCommit, built: Built) {
    this.#options = options;
    this.#built = built;
    // Up to there it was looked for before anything was built.
    this.#lookedThrough = built.view.head;
    this.#check = new PackCheck(options.repository, this.#packs(), options.collections);
    this.#known = new KnownRows(options, built);
    this.deadlineMs = options.repository.runtime.now() + DEADLINE_MS;
  }

  /** Has in memory what the swap will need, for which others have to wait then. */
  async prepare(): Promise<void> {
    const { repository } = this.#options;
    await repository.flusher.flush();
    const view = await repository.view({ maxAgeMs: 0 });
    if (!this.#isStale(view)) await patchBuilt(this.#options, this.#built, this.#known, view);
  }

  /** All that it adds but the top, the newest first. */
  #packs(): PackRef[] {
    const { runs } = this.#options;
    return [
      ...this.#built.trees,
      ...runs.flatMap(({ pack, large = [] }) => [...(pack ? [pack] : []), ...large]),
    ];
  }

  async apply(current: Ledger): Promise<Verdict<Ledger, Landing>> {
    const earlier = await this.settle(current);
    if (earlier) return { kind: 'keep', result: earlier };
    await this.#check.confirm(current);
    const view = this.#options.repository.viewOf(current);
    if (this.#isStale(view)) return REBUILD;
    // Neither rests on the other: a far store takes as long for both as for one.
    const [ledger, made] = await Promise.all([this.#flushed(view), this.#make(view)]);
    return made ? this.#landed(ledger, made) : REBUILD;
  }

  /** The ledger with an empty journal: the map of the commit lies below that of no other. */
  async #flushed(view: LedgerView): Promise<Ledger> {
    const { repository } = this.#options;
    const flushed = await writeFlush(view, repository);
    const nowSeconds = Math.floor(repository.runtime.now() / 1000);
    return flushed ? applyFlush(view.ledger, flushed, nowSeconds) : view.ledger;
  }

  /** True when others may write elsewhere now, or contents were purged. */
  #isStale({ ledger, policy }: LedgerView): boolean {
    const { view } = this.#built;
    return ledger.epoch !== view.ledger.epoch || !isDeepStrictEqual(policy, view.policy);
  }

  /** What is stored above the built trees. Undefined: they cannot be brought onto this head. */
  async #make(view: LedgerView): Promise<Made | undefined> {
    const { repository, message, author, requestId, check } = this.#options;
    const patch = await patchBuilt(this.#options, this.#built, this.#known, view);
    if (!patch) return undefined;
    await check?.(view, patch.counts);
    const { ledger } = view;
    const nowMs = repository.runtime.now();
    const { committer } = repository;
    const commit = sign({ message: message(patch.counts), author }, patch.root, {
      ledger,
      nowMs,
      committer,
      requestId,
    });
    return { patch, commit, top: await storeTop(repository, { view, patch, commit }) };
  }

  #landed(ledger: Ledger, { patch, commit, top }: Made): Verdict<Ledger, Landing> {
    const map = { ...this.#built.map, own: { ...top.own, without: patch.without } };
    const [first, ...others] = this.#packs() as [PackRef, ...PackRef[]];
    const listed = new Set(ledger.packs.map(pack => pack.name));
    const added = [top.ref, { ...first, map }, ...others].filter(pack => !listed.has(pack.name));
    const { oid } = top.own;
    const landing: Landing = {
      kind: 'landed',
      result: { commit: oid, counts: patch.counts },
      left: patch.left,
    };
    this.#landings.set(oid, landing);
    const value: Ledger = {
      ...ledger,
      refs: { ...ledger.refs, [MAIN_REF]: oid },
      packs: [...added, ...ledger.packs],
      journal: ledger.journal.rebased({ head: oid, ordinal: top.own.ordinal, seq: ledger.stamp.seq }),
      headSeconds: commit.committer.seconds,
      pages: patch.counts.pagesAfter,
    };
    return { kind: 'change', value, result: landing };
  }

  async settle(current: Ledger): Promise<Landing | undefined> {
    const view = this.#options.repository.viewOf(current);
    const oid = await findLanded(view, { requestId: this.#options.requestId, since: this.#lookedThrough });
    if (oid === undefined) {
      this.#lookedThrough = view.head;
      return undefined;
    }
    const known = this.#landings.get(oid) ?? this.#onlyLanding();
    if (known) return known;
    return { kind: 'landed', result: await landedBefore(view, oid), left: [] };
  }

  /** Contents that were purged meanwhile gave the commit another id. */
  #onlyLanding(): Landing | undefined {
    return this.#landings.size === 1 ? [...this.#landings.values()][0] : undefined;
  }
}
