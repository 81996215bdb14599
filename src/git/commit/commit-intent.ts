import type { Runtime } from '../../core/runtime.ts';
import type { Intent, Verdict } from '../../swap/swap.ts';
import { idempotencyMismatch } from '../errors.ts';
import { attempt } from '../layer/maybe-promise.ts';
import type { IdempotencyRecord } from '../ledger/journal-entry.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { headOf } from '../ledger/ledger.ts';
import type { Oid } from '../object/objects.ts';
import type { CommitRequest, Committed } from '../repository.ts';
import { Tree } from '../tree/tree.ts';
import type { TreeStore } from '../view/tree-store.ts';
import type { LedgerView } from '../view/view.ts';
import type { FormatContext } from './commit.ts';
import { appendCommit, formatCommit } from './commit.ts';
import type { LargeBlobs } from './large-blobs.ts';

/** What formatting a commit takes from the repository. */
export interface IntentEnvironment {
  runtime: Runtime;
  committer: { name: string; email: string };
  trees: TreeStore;
  /** Keeps a new blob's content in memory: it is described at the next flush at the latest. */
  keepBlob(oid: Oid, bytes: Buffer): void;
  view(ledger: Ledger): LedgerView;
  /** See {@link FormatContext}. */
  rawBytes?: number;
  /** See {@link FormatContext.anchorBytes}. */
  anchorBytes?: number;
  /** Whether a commit was replaced when contents were purged. */
  holdsGone(oid: Oid, ledger: Ledger): Promise<boolean>;
  /** See {@link FormatContext.isPage}. */
  isPage?: ((path: string) => boolean) | undefined;
  /** A record of the journal or of a segment. */
  record(key: string, ledger: Ledger): Promise<IdempotencyRecord | undefined>;
}

/** A {@link CommitRequest} as an intent on the ledger. */
export class CommitIntent<R> implements Intent<Ledger, Committed<R>> {
  readonly deadlineMs?: number;
  readonly #request: CommitRequest<R>;
  readonly #requestId: string;
  readonly #env: IntentEnvironment;
  readonly #large: LargeBlobs;
  /** What each commit made so far answers: any of them may be the one that lands, whatever was planned later. */
  readonly #results = new Map<Oid, R>();

  constructor(options: {
    request: CommitRequest<R>;
    requestId: string;
    env: IntentEnvironment;
    large: LargeBlobs;
  }) {
    this.#request = options.request;
    this.#requestId = options.requestId;
    this.#env = options.env;
    this.#large = options.large;
    if (options.request.deadlineMs !== undefined) this.deadlineMs = options.request.deadlineMs;
  }

  async apply(current: Ledger): Promise<Verdict<Ledger, Committed<R>>> {
    const view = this.#env.view(current);
    const planning = this.#request.plan(view.writing);
    if (this.#request.idempotency) {
      // Both may have to read, so neither waits for the other; what a repeat has planned is of no interest.
      const [earlier] = await Promise.all([this.#repeated(current), planning.catch(() => {})]);
      if (earlier) return { kind: 'keep', result: earlier };
    }
    const plan = await planning;
    if (plan.kind === 'keep') return this.#keep(current, plan.result);
    const made = await formatCommit(plan.draft, await this.#context(view, plan.draft.changes));
    for (const tree of made.trees) this.#env.trees.keep(tree);
    for (const { oid, bytes } of made.contents) this.#env.keepBlob(oid, bytes);
    const result = plan.result({ oid: made.entry.oid, commit: made.commit });
    this.#results.set(made.entry.oid, result);
    const value = appendCommit(current, made, { record: this.#record(result), pages: view.pages });
    return { kind: 'change', value, result: { result, replayed: false } };
  }

  /** One of our commits after the base's head; or our idempotency record. */
  async settle(current: Ledger, base: Ledger): Promise<Committed<R> | undefined> {
    const own = this.#results.size > 0 ? await this.#findOwn(current, base) : undefined;
    if (own === undefined) return this.#repeated(current);
    return { result: this.#results.get(own) as R, replayed: false };
  }

  async #findOwn(current: Ledger, base: Ledger): Promise<Oid | undefined> {
    if (current.epoch !== base.epoch) return this.#findPurged(current);
    const from = headOf(base).oid;
    const { journal } = current;
    const position =
      journal.base.head === (from ?? null) ? -1 : from === undefined ? undefined : journal.position(from);
    if (position !== undefined) {
      return journal.commits(position + 1).find(({ entry }) => this.#results.has(entry.oid))?.entry.oid;
    }
    for await (const row of this.#env.view(current).layers.log()) {
      if (row.oid === from) return undefined;
      if (this.#results.has(row.oid)) return row.oid;
    }
    return undefined;
  }

  /** Contents were purged since: what landed before has another id now, unless all of it is older than they were. */
  async #findPurged(current: Ledger): Promise<Oid | undefined> {
    const { layers } = this.#env.view(current);
    for (const oid of this.#results.keys()) {
      if (await this.#env.holdsGone(oid, current)) return oid;
      if ((await layers.findCommit(oid)) !== undefined) return oid;
    }
    return undefined;
  }

  async #repeated(current: Ledger): Promise<Committed<R> | undefined> {
    const { idempotency } = this.#request;
    if (!idempotency) return undefined;
    const record = await this.#env.record(half(idempotency.key), current);
    if (!record) return undefined;
    if (record.fingerprint !== half(idempotency.fingerprint)) throw idempotencyMismatch();
    return { result: JSON.parse(record.json) as R, replayed: true };
  }

  #keep(current: Ledger, result: R): Verdict<Ledger, Committed<R>> {
    const record = this.#record(result);
    const kept = { result, replayed: false };
    if (!record) return { kind: 'keep', result: kept };
    return {
      kind: 'change',
      value: { ...current, journal: current.journal.append({ record }) },
      result: kept,
    };
  }

  #record(result: R): IdempotencyRecord | undefined {
    const { idempotency } = this.#request;
    return (
      idempotency && {
        key: half(idempotency.key),
        fingerprint: half(idempotency.fingerprint),
        seconds: Math.floor(this.#env.runtime.now() / 1000),
        json: JSON.stringify(result),
      }
    );
  }

  async #context(view: LedgerView, changes: Parameters<LargeBlobs['store']>[0]): Promise<FormatContext> {
    const { ledger } = view;
    const source = view.treeSource;
    const load = (oid: Oid, folder: string) => this.#env.trees.load(oid, folder, source);
    const ready = attempt(() => view.prepareCommit(changes.map(change => change.path)));
    await (ready instanceof Promise
      ? Promise.all([ready, this.#large.store(changes, ledger)])
      : this.#large.store(changes, ledger));
    return {
      ledger,
      requestId: this.#requestId,
      nowMs: this.#env.runtime.now(),
      committer: this.#env.committer,
      root: view.head === undefined ? Tree.empty : await load((await view.entry(''))?.oid ?? '', ''),
      load,
      large: oid => this.#large.place(oid),
      known: oid => ledger.journal.blob(oid) !== undefined,
      isPage: this.#env.isPage,
      ...(this.#env.rawBytes === undefined ? {} : { rawBytes: this.#env.rawBytes }),
      ...(this.#env.anchorBytes === undefined ? {} : { anchorBytes: this.#env.anchorBytes }),
    };
  }
}

/** Records keep the first 16 of 32 bytes: enough for a day's keys of one wiki. */
function half(hexDigest: string): string {
  return hexDigest.slice(0, 32);
}
