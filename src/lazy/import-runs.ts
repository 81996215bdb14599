import type { Principal } from '../auth/principal.ts';
import type { Config } from '../core/config.ts';
import type { Job, JobPrincipal } from '../import/job/job.ts';
import type { Jobs } from '../import/job/jobs.ts';
import type { RunEnvironment } from '../import/job/run-environment.ts';
import type { ByteStore } from '../storage/byte-store.ts';
import type { Lazy } from './lazy.ts';
import type { PushGround } from './push-runs.ts';
import { scratchOf } from './scratch.ts';
import type { WikiOwnParts } from './wiki-parts.ts';

/** The wiki that is imported into. */
export interface ImportRunParts {
  config: Config;
  store: Lazy<ByteStore>;
  wiki: Pick<WikiOwnParts, 'wikiId' | 'repository' | 'policies' | 'tokens' | 'users'>;
}

/** `scratch`: default beside a store on disk, else where the system has temporary files. */
export type ImportRunOptions = Pick<
  RunEnvironment,
  'threads' | 'parts' | 'batchBytes' | 'worker' | 'timeoutMs' | 'admit'
> &
  Partial<Pick<RunEnvironment, 'scratch'>> & {
    remote?: RemoteLimits;
    /** Default: no push is landed. */
    pushes?: PushGround;
  };

/** How repositories are fetched from URLs. Default: from public addresses, up to 5 GiB. */
export interface RemoteLimits {
  /** IP addresses and ranges that are no public ones. */
  allow: readonly string[];
  maxBytes: number;
}

/** What carries the imports of one wiki out. */
export interface ImportRuns {
  jobs: Jobs;
  environment: RunEnvironment;
}

/** Loads all that an import needs: nothing that answers requests does that. */
export async function openImportRuns(
  { config, store, wiki }: ImportRunParts,
  { remote = { allow: [], maxBytes: 5 * 2 ** 30 }, pushes, ...options }: ImportRunOptions = {},
): Promise<ImportRuns> {
  const [
    { openJobs },
    { openJobSource },
    { createEngine },
    { commitBulk },
    { wikiSettings },
    { parseRanges },
  ] = await Promise.all([
    import('../import/job/jobs.ts'),
    import('../import/job/run-source.ts'),
    import('../import/engine/engine.ts'),
    import('../git/bulk/commit-bulk.ts'),
    import('./wiki.ts'),
    import('../net/addresses.ts'),
  ]);
  const [repository, opened, uuid] = await Promise.all([wiki.repository(), store(), wiki.wikiId()]);
  const settings = wikiSettings(config);
  const jobs = openJobs({ store: opened, uuid, runtime: repository.runtime });
  const nowAs = (principal: JobPrincipal) => principalNow(principal, wiki, repository.runtime.now());
  const accessNow = async (principal: JobPrincipal) => await wiki.policies.accessAs(await nowAs(principal));
  const checkHistory = async (principal: JobPrincipal) => {
    const { checkAdministrator } = await import('../auth/administrator.ts');
    checkAdministrator(await nowAs(principal));
  };
  const openPush = async (job: Job) => {
    const { openSentPush } = await import('./push-runs.ts');
    const principal = await nowAs(job.principal);
    const { policies } = wiki;
    const { scratch } = environment;
    return await openSentPush(job, pushes as PushGround, {
      config,
      repository,
      policies,
      principal,
      scratch,
    });
  };
  const fetch = {
    allowed: parseRanges(remote.allow, 'KITTIWAKE_IMPORT_URL_ALLOW'),
    maxBytes: remote.maxBytes,
  };
  const environment: RunEnvironment = {
    jobs,
    repository,
    accessOf: accessNow,
    open: (job, signal) =>
      openJobSource(
        job,
        {
          repository,
          settings,
          accessOf: accessNow,
          checkHistory,
          ...(pushes === undefined ? {} : { openPush }),
          fetch,
          scratch: environment.scratch,
        },
        signal,
      ),
    engine: createEngine(settings),
    commit: commitBulk,
    scratch: scratchOf(config),
    author: settings.author,
    ...options,
  };
  return { jobs, environment };
}

/** Who made a job, by what its user or token is now. @throws KittiwakeError `auth_invalid` */
async function principalNow(
  principal: JobPrincipal,
  { tokens, users }: ImportRunParts['wiki'],
  nowMs: number,
): Promise<Principal> {
  const kept = principal as Principal;
  const { accountOf, OPERATOR } = await import('../auth/principal.ts');
  const { authInvalid } = await import('../auth/errors.ts');
  if (kept.token !== undefined) {
    const id = kept.id.slice('token:'.length);
    const info = await (await tokens()).as(OPERATOR).read(id);
    const isOver =
      info.revokedMs !== undefined || info.lockedMs !== undefined || (info.expiresMs ?? nowMs) < nowMs;
    if (isOver) throw authInvalid('The token that the import was started with has ended');
  }
  const account = accountOf(kept);
  if (!account.startsWith('user:')) return kept;
  const { owner } = await (await users()).ownerNow(account);
  if (owner === undefined) throw authInvalid('The user who started the import is locked or gone');
  const { standing, grants } = owner;
  const names = kept.token === undefined ? owner.names : [kept.id, ...owner.names];
  return { ...kept, standing, grants, names };
}
