import { readdirSync } from 'node:fs';
import { isKittiwakeError } from '../core/errors.ts';
import { createLogger, type Logger } from '../core/log.ts';
import { storeName } from '../core/store-setting.ts';
import { createService, type Service } from '../lazy/app.ts';
import { keepsVersions } from '../lazy/restoring.ts';
import type { Call } from './command.ts';
import { folderNotOurs, prefixNotOurs, wikiNameless } from './errors.ts';

/** The log, on standard error. */
export function createLog({ config, runtime, terminal }: Call): Logger {
  return createLogger({
    level: config.logLevel,
    paths: config.logPaths,
    write: line => terminal.say(line),
    now: () => runtime.now(),
  });
}

/** The service that a command works on. Reads nothing yet. */
export function openService(call: Call): Service {
  const { config, secrets, projections, runtime } = call;
  return createService({
    config,
    secrets,
    projections: async () => projections,
    runtime,
    log: createLog(call),
  });
}

/** Runs `work` on the service and closes it whatever comes. */
export async function withService<T>(call: Call, work: (service: Service) => Promise<T>): Promise<T> {
  const service = openService(call);
  try {
    return await work(service);
  } finally {
    await service.close();
  }
}

/**
 * Gives birth to the wiki on the first start over an empty folder or prefix, also when an earlier first start was killed
 * halfway. A wiki that was lost (packs or older ledgers, no ledger) is not born again.
 * @throws KittiwakeError `folder_not_ours` when the folder or prefix holds other things; `wiki_lost`; those of
 * {@link Service.probe}
 */
export async function ensureWiki(service: Service, call: Call): Promise<'born' | 'there' | 'lost'> {
  const { config } = call;
  const uuid = await knownId(service);
  if (uuid !== undefined && (await holds(service, `ledger/${uuid}`))) return 'there';
  if (uuid !== undefined && (await holds(service, `packs/${uuid}/`))) return 'lost';
  if (uuid === undefined) await refuseNameless(service, storeName(config.store));
  if (config.store.kind === 'file') refuseForeignFolder(config.store.folder);
  else await refuseForeignPrefix(service, storeName(config.store));
  try {
    await bearWiki(service, call);
    return 'born';
  } catch (error) {
    if (isKittiwakeError(error, 'wiki_lost')) return 'lost';
    // Another process was faster.
    if (!isKittiwakeError(error, 'wiki_exists')) throw error;
    return 'there';
  }
}

async function knownId(service: Service): Promise<string | undefined> {
  try {
    return await service.wikiId();
  } catch (error) {
    if (!isKittiwakeError(error, 'wiki_absent')) throw error;
    return undefined;
  }
}

/**
 * Creates the wiki in a store that keeps its promises; warns when it can never be taken back to an older state.
 * @throws KittiwakeError `wiki_exists`, `wiki_lost`; those of {@link Service.probe}
 */
export async function bearWiki(service: Service, { config, terminal }: Call): Promise<string> {
  await service.probe();
  const uuid = await service.createWiki();
  if (config.store.kind === 's3' && !(await keepsVersions(await service.store(), uuid))) {
    terminal.say(
      `warning: the bucket "${config.store.bucket}" keeps no older versions: enable versioning, or a deleted wiki cannot be restored`,
    );
  }
  return uuid;
}

async function holds(service: Service, prefix: string): Promise<boolean> {
  return (await (await service.store()).list(prefix, { limit: 1 })).objects.length > 0;
}

/** A ledger where nothing has a name is that of a wiki whose name was lost: another wiki would hide it. */
async function refuseNameless(service: Service, name: string): Promise<void> {
  const { objects } = await (await service.store()).list('ledger/', { limit: 1 });
  const [ledger] = objects;
  if (ledger && !(await holds(service, 'wikis/'))) throw wikiNameless(name, ledger.key);
}

/**
 * What may lie in a data folder or under a prefix before there is a wiki: what a first start that was killed leaves, other
 * wikis, and the key.
 */
const OURS = new Set([
  'api-key',
  'wikis',
  'ledger',
  'packs',
  'auth',
  'search',
  'uploads',
  'raw',
  'imports',
  'tokens',
  'drafts',
  'state',
  'backup',
  'outbox',
  'projections',
  'render',
  'site',
  '~tmp',
  'jobs',
  'job-files',
  'memo',
  'wakes',
]);

async function refuseForeignPrefix(service: Service, name: string): Promise<void> {
  const { objects } = await (await service.store()).list('');
  const foreign = objects.find(({ key }) => !OURS.has(key.split('/')[0] ?? ''));
  if (foreign) throw prefixNotOurs(name, foreign.key);
}

function refuseForeignFolder(folder: string): void {
  let names: string[];
  try {
    names = readdirSync(folder);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return;
    names = [];
  }
  const foreign = names.filter(name => !OURS.has(name) && !name.startsWith('.'));
  if (foreign[0] !== undefined) throw folderNotOurs(folder, foreign[0]);
}
