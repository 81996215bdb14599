import { readdirSync } from 'node:fs';
import { isKittiwakeError } from '../core/errors.ts';
import { createLogger, type Logger } from '../core/log.ts';
import { createService, type Service } from '../lazy/app.ts';
import type { Call } from './command.ts';
import { folderNotOurs } from './errors.ts';

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
  const { config, secrets, runtime } = call;
  return createService({ config, secrets, runtime, log: createLog(call) });
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
 * Gives birth to the wiki on the first start over an empty folder, also when an earlier first start was killed halfway.
 * True when it was made now.
 * @throws KittiwakeError `folder_not_ours` when the folder holds other things
 */
export async function ensureWiki(service: Service, { config }: Call): Promise<boolean> {
  const uuid = await knownId(service);
  if (uuid !== undefined && (await holdsAny(service, uuid))) return false;
  if (config.store.kind === 'file') refuseForeignFolder(config.store.folder);
  try {
    await service.createWiki();
    return true;
  } catch (error) {
    // Another process was faster.
    if (!isKittiwakeError(error, 'wiki_exists')) throw error;
    return false;
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

/** Packs without a ledger are a wiki, too: one that was lost, which is not born again. */
async function holdsAny(service: Service, uuid: string): Promise<boolean> {
  const store = await service.store();
  for (const prefix of [`ledger/${uuid}`, `packs/${uuid}/`]) {
    if ((await store.list(prefix, { limit: 1 })).objects.length > 0) return true;
  }
  return false;
}

/** What may lie in a data folder before there is a wiki: what a first start that was killed leaves, and the key. */
const OURS = new Set(['api-key', 'wikis', 'ledger', 'packs', 'auth', 'search', '~tmp']);

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
