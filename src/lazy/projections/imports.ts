import type { Principal } from '../../auth/principal.ts';
import type { Imports, ImportWish } from '../../import/job/imports.ts';
import type { JobPrincipal } from '../../import/job/job.ts';
import type { IdleJobs, WakePlace } from '../../import/job/wakes.ts';
import type { Environment } from '../environment.ts';
import type { ProjectionParts } from './parts.ts';

/**
 * What is imported into one wiki, as one caller may see and start it. Who is nobody in particular has no jobs of its own.
 * @throws KittiwakeError `auth_missing`
 */
export async function importsAs(
  parts: Omit<ProjectionParts, 'events'>,
  principal: Principal,
): Promise<Imports> {
  const { environment, store, wiki } = parts;
  const [
    { importsFor },
    { openJobs },
    { openUploads },
    { isAdministrator },
    { authMissing },
    { accountOf },
    { config },
    opened,
    uuid,
  ] = await Promise.all([
    import('../../import/job/imports.ts'),
    import('../../import/job/jobs.ts'),
    import('../../import/job/uploads.ts'),
    import('../../auth/administrator.ts'),
    import('../../auth/errors.ts'),
    import('../../auth/principal.ts'),
    environment.settings(),
    store(),
    wiki.wikiId(),
  ]);
  if (principal.standing === 'anonymous') throw authMissing();
  const { runtime } = environment;
  const place = { store: opened, uuid, runtime };
  const jobs = openJobs({ ...place, limits: { startsPerHour: config.importStartsPerHour } });
  const uploads = openUploads({ ...place, jobs, chunkBytes: config.importChunkBytes });
  const isOwn = (owner: JobPrincipal) =>
    owner.id === principal.id ||
    (principal.scope === undefined && accountOf(owner as Principal) === principal.id);
  return importsFor({
    ...place,
    jobs,
    uploads,
    principal: kept(principal),
    sees: owner => isAdministrator(principal) || isOwn(owner),
    checkStart: wish => checkStart(parts, principal, wish),
    maxBytes: config.maxImportBytes,
    maxRows: config.maxImportRows,
    onQueued: async id => {
      if (config.importWakes) await wake({ ...place, name: nameOf(environment) }, id);
      else environment.committed();
    },
  });
}

/** An import that nobody was woken for is found by the schedule. */
async function wake(place: WakePlace, id: string): Promise<void> {
  const { wakeJob } = await import('../../import/job/wakes.ts');
  await wakeJob(place, id).catch(() => undefined);
}

function nameOf({ known, config }: Environment): string | undefined {
  return known === undefined ? undefined : config.wiki;
}

/** What a job keeps of who made it: nothing that proves who it is. */
function kept({ id, author, standing, grants, names, scope, token }: Principal): JobPrincipal {
  return {
    id,
    standing,
    grants,
    names,
    ...(author === undefined ? {} : { author }),
    ...(scope === undefined ? {} : { scope }),
    ...(token === undefined ? {} : { token }),
  };
}

/**
 * Refuses what would come to nothing; where each page may be written is asked when it is.
 * @throws KittiwakeError `forbidden`, `path_invalid`, `quota_pages`, `quota_bytes`, `pipeline_invalid`
 */
async function checkStart(
  { environment, wiki }: Omit<ProjectionParts, 'events'>,
  principal: Principal,
  { bytes, url, options }: ImportWish,
): Promise<string | undefined> {
  if (options.format === 'push') return await checkPush(wiki, principal);
  const [{ forbidden }, { isAdministrator }, { checkUploadedPipeline }, { checkFilePath, pageFile }] =
    await Promise.all([
      import('../../auth/errors.ts'),
      import('../../auth/administrator.ts'),
      import('../../import/job/uploaded-pipeline.ts'),
      import('../../wiki/name/page-path.ts'),
    ]);
  if ((options.format === 'git' || url !== undefined) && !isAdministrator(principal))
    throw forbidden('admin');
  checkUploadedPipeline(options.pipeline);
  if (options.into !== undefined) checkFilePath(pageFile(options.into, environment.config), options.into);
  const [{ anywhere, permits }, repository, { checkQuotaFor, checkRoomForPages }] = await Promise.all([
    wiki.policies.evaluation(),
    wiki.repository(),
    import('../../wiki/bound/quota.ts'),
  ]);
  const view = await repository.view({ maxAgeMs: 0 });
  for (const right of ['write', 'upload'] as const)
    if (!anywhere(right, view.policy, principal)) throw forbidden(right);
  const ground = { view, permits: permits(principal, view.policy) };
  if (!options.dryRun) await Promise.all([checkQuotaFor(ground, bytes), checkRoomForPages(ground)]);
  return view.head;
}

/** Whether git would take anything from this caller is asked before; what exactly, when it lands. */
async function checkPush(
  { policies, repository }: ProjectionParts['wiki'],
  principal: Principal,
): Promise<string | undefined> {
  const [{ forbidden }, { anywhere }, opened] = await Promise.all([
    import('../../auth/errors.ts'),
    policies.evaluation(),
    repository(),
  ]);
  const view = await opened.view({ maxAgeMs: 0 });
  if (!anywhere('write', view.policy, principal)) throw forbidden('write');
  return view.head;
}

/** Removes what imports have left behind. Returns how many of them. */
export async function sweepImports({
  environment: { settings, runtime },
  store,
  wiki,
}: Omit<ProjectionParts, 'events'>): Promise<number> {
  const [{ sweepJobs }, { openJobs }, { openUploads }, { config }, opened, uuid] = await Promise.all([
    import('../../import/job/job-sweep.ts'),
    import('../../import/job/jobs.ts'),
    import('../../import/job/uploads.ts'),
    settings(),
    store(),
    wiki.wikiId(),
  ]);
  const place = { store: opened, uuid, runtime };
  const jobs = openJobs(place);
  const uploads = openUploads({ ...place, jobs, chunkBytes: config.importChunkBytes });
  const { importRetentionDays: keptDays, importTimeoutHours: timeoutHours } = config;
  const { removed, abandoned, orphans } = await sweepJobs({
    ...place,
    jobs,
    uploads,
    keptDays,
    timeoutHours,
  });
  return removed + abandoned + orphans;
}

/** Wakes those that nobody works on; undefined where a server looks for them itself. */
export async function wakeImports({
  environment,
  store,
  wiki,
}: Omit<ProjectionParts, 'events'>): Promise<IdleJobs | undefined> {
  const { config } = await environment.settings();
  if (!config.importWakes) return undefined;
  const [{ wakeIdle }, { openJobs }, opened, uuid] = await Promise.all([
    import('../../import/job/wakes.ts'),
    import('../../import/job/jobs.ts'),
    store(),
    wiki.wikiId(),
  ]);
  const place = { store: opened, uuid, runtime: environment.runtime };
  const unfinished = await openJobs(place).unfinished();
  return await wakeIdle({ ...place, name: nameOf(environment) }, unfinished);
}
