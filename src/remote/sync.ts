import { isKittiwakeError } from '../core/errors.ts';
import { type Runtime, randomId } from '../core/runtime.ts';
import type { LandingCheck } from '../git/incoming/incoming.ts';
import type { Oid } from '../git/object/objects.ts';
import type { LedgerRepository } from '../git/open.ts';
import type { LedgerView } from '../git/view/view.ts';
import { backOffMs } from './back-off.ts';
import type { Directions } from './due.ts';
import { directionOff, remoteBusy, remoteLate } from './errors.ts';
import { asideRef } from './plan-pull.ts';
import { pull, type Reach } from './pull.ts';
import { push } from './push.ts';
import type { KeptConflict, Remote, RemoteStatus, SyncResult } from './remote.ts';
import { type Remotes, updateRemote } from './remotes.ts';

/** Times that what the other side has got meanwhile is pulled before something is pushed. */
const MAX_ROUNDS = 3;
/** Of the newest. */
const MAX_CONFLICTS = 20;
/** Commits in which the merge of a side branch is looked for. */
const MAX_LOOKED_THROUGH = 1_000;
/** For who has died: as long as a run may take, and a little. */
const LEASE_MARGIN_MS = 30_000;

export interface SyncEnvironment {
  remotes: Remotes;
  repository: LedgerRepository;
  runtime: Runtime;
  /** @throws KittiwakeError `remote_credentials_refused`, `config_invalid` */
  reach(remote: Remote, signal: AbortSignal): Promise<Reach>;
  check?: LandingCheck | undefined;
  scratch?: string | undefined;
  /** Told of conflicts that are new. */
  onConflict?(remote: Remote, conflict: KeptConflict): Promise<void>;
}

export interface SyncOptions extends Directions {
  /** Merges a history that was replaced over there, too. Default false. */
  acceptRewritten?: boolean;
  /** How long it may take. */
  timeoutMs: number;
  signal?: AbortSignal | undefined;
}

/**
 * Pulls from a remote, pushes to it, or both, and keeps what came of it with the remote. One run at a time works on a remote; where
 * that cannot be told (one was stopped and goes on later), two do no harm.
 * @throws KittiwakeError `remote_busy`, `remote_not_found`, `remote_invalid` for a direction that it does not have; those of
 *   `pull` and `push`, which are kept with it
 */
export async function syncRemote(
  environment: SyncEnvironment,
  name: string,
  options: SyncOptions,
): Promise<SyncResult> {
  const { remotes, runtime } = environment;
  const lease = { id: randomId(runtime), untilMs: runtime.now() + options.timeoutMs + LEASE_MARGIN_MS };
  const remote = await updateRemote(remotes, name, before => leased(before, lease, options, runtime.now()));
  const timeout = AbortSignal.timeout(options.timeoutMs);
  const signal = options.signal === undefined ? timeout : AbortSignal.any([timeout, options.signal]);
  const kept: KeptConflict[] = [];
  try {
    const result = await work(environment, remote, { ...options, signal, kept });
    await finish(environment, { remote, lease: lease.id, options }, { result, kept });
    return result;
  } catch (cause) {
    const error = timeout.aborted && !isKittiwakeError(cause) ? remoteLate(name, options.timeoutMs) : cause;
    await finish(environment, { remote, lease: lease.id, options }, { error, kept });
    throw error;
  }
}

function leased(
  before: Remote,
  lease: { id: string; untilMs: number },
  wanted: Directions,
  nowMs: number,
): Remote {
  for (const direction of ['pull', 'push'] as const)
    if (wanted[direction] && !before[direction]) throw directionOff(before.name, direction);
  if (before.lease !== undefined && before.lease.untilMs > nowMs && before.lease.id !== lease.id)
    throw remoteBusy(before.name, before.lease.untilMs);
  return { ...before, lease };
}

async function work(
  environment: SyncEnvironment,
  remote: Remote,
  options: SyncOptions & { signal: AbortSignal; kept: KeptConflict[] },
): Promise<SyncResult> {
  const { repository, check, scratch, runtime } = environment;
  const reach = await environment.reach(remote, options.signal);
  const result: SyncResult = { atMs: runtime.now() };
  // What is only pushed is still pulled first when the other side has more, where that is allowed.
  let pulls = options.pull;
  options.kept.push(...(await untold(remote, repository)));
  for (let round = 1; ; round += 1) {
    if (pulls) {
      const acceptRewritten = options.acceptRewritten ?? false;
      const pulled = await pull({ remote, repository, reach, check, acceptRewritten, scratch });
      if (pulled.conflict) options.kept.push(pulled.conflict);
      result.pull = pulled.result;
    }
    if (!options.push) return result;
    try {
      result.push = await push({ remote, repository, reach });
      return result;
    } catch (error) {
      const isBehind =
        isKittiwakeError(error, 'remote_ahead') || isKittiwakeError(error, 'remote_push_refused');
      if (!isBehind || !remote.pull || round === MAX_ROUNDS) throw error;
      pulls = true;
    }
  }
}

/** Conflicts of a run that has died before it could tell: their side branches do. */
async function untold(remote: Remote, repository: LedgerRepository): Promise<KeptConflict[]> {
  const { conflicts, settled = [] } = remote.status;
  // Of those that have fallen off the end nothing is known any more.
  if (conflicts.length >= MAX_CONFLICTS) return [];
  const view = await repository.view({ maxAgeMs: 0 });
  const prefix = asideRef(remote, '');
  const told = new Set([...conflicts.map(({ ref }) => ref), ...settled]);
  const refs = Object.entries(view.ledger.refs).filter(([ref]) => ref.startsWith(prefix) && !told.has(ref));
  return await Promise.all(refs.map(([ref, oid]) => untoldConflict(repository, view, [ref, oid])));
}

async function untoldConflict(
  { runtime }: LedgerRepository,
  view: LedgerView,
  [ref, oid]: readonly [string, Oid],
): Promise<KeptConflict> {
  const atMs = runtime.now();
  const merge = await mergeOf(view, oid);
  const told = { atMs, ours: view.head ?? '', theirs: oid, ref, paths: [], more: 0 };
  return { ...told, ...(merge === undefined ? {} : { merge }) };
}

/** The newest commit of the first-parent line that has it as a parent; undefined: it is not merged, or that is long ago. */
async function mergeOf(view: LedgerView, side: Oid): Promise<Oid | undefined> {
  let oid = view.head;
  for (let looked = 0; oid !== undefined && looked < MAX_LOOKED_THROUGH; looked += 1) {
    const parents: readonly Oid[] = (await view.commit(oid))?.parents ?? [];
    if (parents.includes(side)) return oid;
    oid = parents[0];
  }
  return undefined;
}

async function finish(
  { remotes, runtime, onConflict }: SyncEnvironment,
  { remote, lease, options }: { remote: Remote; lease: string; options: SyncOptions },
  outcome: { result?: SyncResult; error?: unknown; kept: readonly KeptConflict[] },
): Promise<void> {
  const { result, error } = outcome;
  const rewritten = rewrittenOf(error, runtime.now());
  const kept = rewritten === undefined ? outcome.kept : [...outcome.kept, rewritten];
  const fresh = kept.filter(each => !remote.status.conflicts.some(({ ref }) => ref === each.ref));
  const random = runtime.random();
  const nowMs = runtime.now();
  try {
    await updateRemote(remotes, remote.name, before => {
      if (before.lease?.id !== lease) return undefined;
      const { lease: _, requested, ...rest } = before;
      // What was asked for while this run was at work is yet to be done, and so is what may go better the next time.
      const isDone =
        requested?.atMs === remote.requested?.atMs && covers(options, requested) && !isPassing(error);
      const status = statusAfter(before.status, { result, error, fresh, nowMs, random });
      return { ...rest, ...(isDone ? {} : { requested }), status };
    });
  } catch (failure) {
    // Whoever has removed it meanwhile does not want to know.
    if (!isKittiwakeError(failure, 'remote_not_found')) throw failure;
  }
  for (const conflict of fresh) await onConflict?.(remote, conflict);
}

/** What may go better without anybody doing something. */
const PASSING = [
  'contention',
  'outcome_unknown',
  'remote_failed',
  'remote_late',
  'remote_moved',
  'remote_unreachable',
];

function isPassing(error: unknown): boolean {
  return PASSING.some(code => isKittiwakeError(error, code));
}

function covers(done: Directions, wanted: Directions | undefined): boolean {
  if (wanted === undefined) return true;
  return (done.pull || !wanted.pull) && (done.push || !wanted.push);
}

function statusAfter(
  before: RemoteStatus,
  now: {
    result: SyncResult | undefined;
    error: unknown;
    fresh: readonly KeptConflict[];
    nowMs: number;
    random: number;
  },
): RemoteStatus {
  const { result, error, fresh, nowMs, random } = now;
  const conflicts = [...fresh.toReversed(), ...before.conflicts].slice(0, MAX_CONFLICTS);
  if (result === undefined) {
    const failures = before.failures + 1;
    const lastError = { atMs: nowMs, ...describe(error) };
    const nextMs = nowMs + backOffMs(failures, random);
    return { ...before, conflicts, lastAttemptMs: nowMs, failures, nextMs, lastError };
  }
  const { nextMs: _next, lastError: _error, ...rest } = before;
  const theirs = result.push?.after ?? result.pull?.theirs ?? undefined;
  const isEqual = result.pull !== undefined && result.pull.theirs === result.pull.head;
  const pushed = result.push?.after ?? (isEqual ? theirs : undefined);
  return {
    ...rest,
    conflicts,
    lastAttemptMs: nowMs,
    lastSuccessMs: nowMs,
    failures: 0,
    lastResult: result,
    ...(theirs === undefined ? {} : { theirs }),
    ...(pushed === undefined ? {} : { pushed }),
  };
}

/** A history that was replaced is a conflict as a whole. */
function rewrittenOf(error: unknown, atMs: number): KeptConflict | undefined {
  if (!isKittiwakeError(error, 'remote_rewritten')) return undefined;
  const { before, theirs, ref } = error.data as { before: string; theirs: string; ref: string };
  return { atMs, ours: before, theirs, ref, paths: [], more: 0 };
}

function describe(error: unknown): { code: string; message: string } {
  if (isKittiwakeError(error)) return { code: error.code, message: error.message.slice(0, 1_000) };
  return { code: 'internal', message: 'Internal error' };
}
