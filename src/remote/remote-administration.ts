import type { LedgerRepository } from '../git/open.ts';
import type { View } from '../git/repository.ts';
import type { Ranges } from '../net/addresses.ts';
import { checkName, checkWhole, checkWish, type RemoteWish } from './check-remote.ts';
import { nextAttemptMs } from './due.ts';
import { remoteExists, remotesFull } from './errors.ts';
import { MAX_REMOTES, type Remote } from './remote.ts';
import { foundIn, updateRemote } from './remotes.ts';
import { type RunOptions, type RunOutcome, type RunWish, runRemote } from './run-remote.ts';
import { conflictOf, type Settlement, settleConflict } from './settle-conflict.ts';

/** The remotes of a wiki, for one who administers it. */
export interface RemoteAdministration {
  list(): Promise<RemoteInfo[]>;
  /** @throws KittiwakeError `remote_not_found` */
  read(name: string): Promise<RemoteInfo>;
  /** @throws KittiwakeError `remote_invalid`, `remote_exists`, `remotes_full` */
  create(name: string, wish: RemoteWish & { url: string }): Promise<RemoteInfo>;
  /** @throws KittiwakeError `remote_invalid`, `remote_not_found` */
  change(name: string, wish: RemoteWish): Promise<RemoteInfo>;
  /** What it has brought stays, side branches too. @throws KittiwakeError `remote_not_found` */
  remove(name: string): Promise<RemoteInfo>;
  /** Tells of a conflict no more. @throws KittiwakeError those of `settleConflict` */
  settle(settlement: Settlement): Promise<RemoteInfo>;
  /** @throws KittiwakeError those of `runRemote` */
  run(name: string, directions: RunWish): Promise<RunOutcome>;
}

export interface RemoteInfo extends Omit<Remote, 'lease' | 'requested'> {
  isRunning: boolean;
  isRequested: boolean;
  /** When something is done of itself at the earliest. */
  nextMs?: number;
  /** Commits of the wiki that are not there, and of the other side that are not here; undefined: nobody knows. */
  ahead?: number;
  behind?: number;
  /** Path that pulls when it is called; undefined: the webhook is off, or nothing is set to sign it with. */
  hook?: string;
}

export interface RecordedRemoteChange {
  action: `remote.${'create' | 'change' | 'delete' | 'settle'}`;
  name: string;
  detail: Readonly<Record<string, unknown>>;
}

export interface RemoteAdministrationOptions extends RunOptions {
  allowed: Ranges;
  /** Id of the principal. */
  actor: string;
  repository: LedgerRepository;
  newest(): Promise<View>;
  /** The path of its webhook; undefined: there is none. */
  hookOf(remote: Remote): string | undefined;
  /** Carries a change out, and notes who did it. */
  recorded<R>(change: RecordedRemoteChange, effect: () => Promise<R>): Promise<R>;
}

export function administerRemotes(options: RemoteAdministrationOptions): RemoteAdministration {
  const { remotes } = options;
  return {
    list: async () => {
      const view = await options.newest();
      return await Promise.all((await remotes.list()).map(remote => infoOf(options, remote, view)));
    },
    read: async name => infoOf(options, foundIn(await remotes.list(), name), await options.newest()),
    create: (name, wish) => create(options, name, wish),
    change: (name, wish) => change(options, name, wish),
    remove: name => remove(options, name),
    settle: settlement => settle(options, settlement),
    run: (name, wish) => runRemote(options, name, wish),
  };
}

async function create(
  options: RemoteAdministrationOptions,
  name: string,
  wish: RemoteWish & { url: string },
): Promise<RemoteInfo> {
  const { remotes, runtime, actor, allowed } = options;
  const nowMs = runtime.now();
  const remote: Remote = {
    name: checkName(name),
    url: '',
    branch: '',
    pull: wish.push !== true,
    push: false,
    everyMinutes: 0,
    afterCommits: false,
    webhook: false,
    prefer: 'ours',
    credentials: '',
    active: true,
    ...checkWish(wish, allowed),
    createdMs: nowMs,
    changedMs: nowMs,
    createdBy: actor,
    status: { failures: 0, conflicts: [] },
  };
  checkWhole(remote);
  const recorded = { action: 'remote.create', name, detail: detailOf(remote) } as const;
  await options.recorded(recorded, () =>
    remotes.change(all => {
      if (all.some(each => each.name === name)) throw remoteExists(name);
      if (all.length >= MAX_REMOTES) throw remotesFull(MAX_REMOTES);
      return { remotes: [...all, remote], result: null };
    }),
  );
  return await infoOf(options, remote, await options.newest());
}

async function change(
  options: RemoteAdministrationOptions,
  name: string,
  wish: RemoteWish,
): Promise<RemoteInfo> {
  const { remotes, runtime, allowed } = options;
  const checked = checkWish(wish, allowed);
  foundIn(await remotes.list(), name);
  const nowMs = runtime.now();
  const remote = await options.recorded({ action: 'remote.change', name, detail: { ...checked } }, () =>
    updateRemote(remotes, name, before => {
      const after = { ...before, ...checked, changedMs: nowMs };
      checkWhole(after);
      return { ...after, status: isElsewhere(before, after) ? forgotten(before) : before.status };
    }),
  );
  return await infoOf(options, remote, await options.newest());
}

/** What was known is of another branch. */
function isElsewhere(before: Remote, after: Remote): boolean {
  return before.url !== after.url || before.branch !== after.branch;
}

function forgotten({ status }: Remote): Remote['status'] {
  const { conflicts, settled = [] } = status;
  return { failures: 0, conflicts, settled };
}

async function remove(options: RemoteAdministrationOptions, name: string): Promise<RemoteInfo> {
  const { remotes } = options;
  const found = foundIn(await remotes.list(), name);
  await options.recorded({ action: 'remote.delete', name, detail: detailOf(found) }, () =>
    remotes.change(all => ({ remotes: all.filter(each => each.name !== name), result: null })),
  );
  return await infoOf(options, found, await options.newest());
}

async function settle(options: RemoteAdministrationOptions, settlement: Settlement): Promise<RemoteInfo> {
  const { name, id, deletesBranch } = settlement;
  const { ref } = conflictOf(foundIn(await options.remotes.list(), name), id);
  const recorded = { action: 'remote.settle', name, detail: { ref, deletesBranch } } as const;
  const remote = await options.recorded(recorded, () => settleConflict(options, settlement));
  return await infoOf(options, remote, await options.newest());
}

function detailOf({ url, branch, pull, push, credentials }: Remote): Readonly<Record<string, unknown>> {
  return { url, branch, pull, push, credentials };
}

async function infoOf(
  { runtime, hookOf }: RemoteAdministrationOptions,
  remote: Remote,
  view: View,
): Promise<RemoteInfo> {
  const { lease, requested, ...shown } = remote;
  const nextMs = nextAttemptMs(remote);
  const hook = hookOf(remote);
  const theirs = remote.status.theirs;
  const known = theirs === undefined ? undefined : await view.commit(theirs);
  const ahead = known !== undefined && known.ordinal >= 0 ? view.ordinal - known.ordinal : undefined;
  return {
    ...shown,
    isRunning: lease !== undefined && lease.untilMs > runtime.now(),
    isRequested: requested !== undefined,
    ...(nextMs === undefined ? {} : { nextMs }),
    ...(ahead === undefined ? {} : { ahead }),
    ...(known === undefined ? {} : { behind: 0 }),
    ...(hook === undefined ? {} : { hook }),
  };
}
