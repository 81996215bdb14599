import type { Principal } from '../../auth/principal.ts';
import type { LedgerRepository } from '../../git/open.ts';
import type { AdministratorNotice } from '../../projection/notify/account-messages.ts';
import type { ProjectionRun, RunnableProjection } from '../../projection/runnable.ts';
import type { PullHook } from '../../remote/pull-hook.ts';
import type { KeptConflict, Remote } from '../../remote/remote.ts';
import type { RemoteAdministration } from '../../remote/remote-administration.ts';
import type { Remotes } from '../../remote/remotes.ts';
import type { SyncEnvironment } from '../../remote/sync.ts';
import { lazy } from '../lazy.ts';
import type { ProjectionParts } from './parts.ts';
import { openSyncing } from './syncing.ts';

/** Calls of webhooks, a minute: each asks the store something. In memory, for this process. */
const HOOKS_A_MINUTE = 30;

export interface RemoteHandles {
  projection: RunnableProjection;
  /** @throws KittiwakeError `forbidden` for who does not administer the wiki */
  as(principal: Principal): Promise<RemoteAdministration>;
  /** Counts a call of a stranger. @throws KittiwakeError `rate_limited` */
  hook(): Promise<PullHook>;
}

type Tell = (notice: () => Promise<AdministratorNotice | undefined>) => Promise<void>;

interface Parts {
  remotes: Remotes;
  repository: LedgerRepository;
  syncing: SyncEnvironment;
  countStranger(): void;
}

/** Other hosts that commits are pulled from and pushed to. */
export function remotesOf(given: ProjectionParts, tell: Tell): RemoteHandles {
  const parts = lazy('remotes', given.environment.recorder, () => openParts(given, tell));
  return {
    projection: projectionOf(given, parts),
    as: principal => administration(given, parts, principal),
    hook: () => hookOf(given, parts),
  };
}

async function openParts(given: ProjectionParts, tell: Tell): Promise<Parts> {
  const { environment, store, wiki } = given;
  const { runtime } = environment;
  const [
    { openStateDocument },
    { parseRemotes },
    { RateLimiter },
    { rateLimited },
    opened,
    uuid,
    repository,
  ] = await Promise.all([
    import('../../projection/state/state-document.ts'),
    import('../../remote/remote.ts'),
    import('../../auth/limit/rate-limiter.ts'),
    import('../../auth/errors.ts'),
    store(),
    wiki.wikiId(),
    wiki.repository(),
  ]);
  const place = { store: opened, uuid, runtime };
  const own: readonly Remote[] = [];
  const document = openStateDocument({ ...place, name: 'remotes', own, parseOwn: parseRemotes });
  const remotes: Remotes = {
    list: async () => (await document.read()).own,
    change: decide =>
      document.change(state => {
        const { remotes: changed, result } = decide(state.own);
        return changed === undefined ? { result } : { state: { ...state, own: changed }, result };
      }),
  };
  const strangers = new RateLimiter({ perMinute: HOOKS_A_MINUTE, now: () => runtime.now() });
  const onConflict = (remote: Remote, conflict: KeptConflict) => tell(async () => noticeOf(remote, conflict));
  return {
    remotes,
    repository,
    syncing: await openSyncing(given, { remotes, repository, uuid, onConflict }),
    countStranger() {
      const waitMs = strangers.take('');
      if (waitMs !== undefined) throw rateLimited(waitMs);
    },
  };
}

function noticeOf({ name, url }: Remote, conflict: KeptConflict): AdministratorNotice {
  const { theirs, ref } = conflict;
  const lines = linesOf(conflict);
  return {
    about: `remote-${name}-${theirs.slice(0, 12)}`,
    subject: `Conflict with the remote ${name}`,
    text: [`Pulling from ${url} met a conflict.`, ...lines, `The other version is kept as ${ref}.`].join(
      '\n',
    ),
  };
}

function linesOf({ merge, paths, more }: KeptConflict): string[] {
  if (merge === undefined) return ['Its history was replaced over there, and was not merged.'];
  // Of a run that was stopped before it could tell them.
  if (paths.length === 0)
    return [`Both sides have changed the same; the message of ${merge} names the pages.`];
  const lines = paths.map(({ path, kind }) => `  ${path} (${kind})`);
  return ['Both sides have changed the same:', ...lines, ...(more > 0 ? [`  and ${more} more`] : [])];
}

async function administration(
  { environment, wiki }: ProjectionParts,
  parts: () => Promise<Parts>,
  principal: Principal,
): Promise<RemoteAdministration> {
  const [{ checkAdministrator }, { administerRemotes }, { syncRemote }, { hookPath }, { parseRanges }] =
    await Promise.all([
      import('../../auth/administrator.ts'),
      import('../../remote/remote-administration.ts'),
      import('../../remote/sync.ts'),
      import('../../remote/pull-hook.ts'),
      import('../../net/addresses.ts'),
    ]);
  checkAdministrator(principal);
  const [{ remotes, repository, syncing }, { config, secrets }] = await Promise.all([
    parts(),
    environment.settings(),
  ]);
  return administerRemotes({
    remotes,
    runtime: environment.runtime,
    allowed: parseRanges(config.remoteAllow, 'KITTIWAKE_REMOTE_ALLOW'),
    actor: principal.id,
    repository,
    newest: () => repository.view({ maxAgeMs: 0 }),
    sync: (name, options) => syncRemote(syncing, name, options),
    wake: environment.committed,
    hookOf: remote => hookPath(secrets.mailSecret, remote),
    recorded: async ({ action, name, detail }, effect) => {
      const event = { actor: principal.id, action, subject: `remote:${name}`, detail };
      return await (await wiki.audit()).record(event, effect);
    },
  });
}

async function hookOf(given: ProjectionParts, parts: () => Promise<Parts>): Promise<PullHook> {
  const { environment } = given;
  const [{ createPullHook }, { runRemote }, { syncRemote }, known, { secrets }] = await Promise.all([
    import('../../remote/pull-hook.ts'),
    import('../../remote/run-remote.ts'),
    import('../../remote/sync.ts'),
    parts(),
    environment.settings(),
  ]);
  const { remotes, syncing, countStranger } = known;
  countStranger();
  const { runtime, committed: wake } = environment;
  const sync: Parameters<typeof runRemote>[0]['sync'] = (name, options) => syncRemote(syncing, name, options);
  const run = (name: string) =>
    runRemote({ remotes, runtime, sync, wake }, name, { pull: true, push: false });
  return createPullHook({ remotes, secret: secrets.mailSecret, run });
}

function projectionOf(given: ProjectionParts, parts: () => Promise<Parts>): RunnableProjection {
  const { runtime, log } = given.environment;
  const run = async ({ deadlineMs, newest }: ProjectionRun) => {
    const [{ runDue }, { syncRemote }, { projectionLate }, { isServed }, { remotes, syncing }] =
      await Promise.all([
        import('../../remote/run-due.ts'),
        import('../../remote/sync.ts'),
        import('../../projection/errors.ts'),
        import('./served-wiki.ts'),
        parts(),
      ]);
    const { left, ...counts } = await runDue({
      remotes,
      now: () => runtime.now(),
      isServed: () => isServed(given),
      head: async () => (await newest()).head,
      sync: (name, options) => syncRemote(syncing, name, options),
      deadlineMs,
      onError: ({ name }, error) => log.failure('remote_failed', error, { remote: name }),
    });
    if (left > 0) throw projectionLate('remotes');
    return counts;
  };
  return {
    name: 'remotes',
    async condition() {
      const [{ conditionOfRemotes }, { remotes, repository }] = await Promise.all([
        import('../../remote/condition.ts'),
        parts(),
      ]);
      return await conditionOfRemotes(await remotes.list(), repository);
    },
    run,
    rebuild: run,
  };
}
