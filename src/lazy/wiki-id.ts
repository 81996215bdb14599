import type { ByteStore } from '../storage/byte-store.ts';
import type { Environment } from './environment.ts';
import { wikiAbsent, wikiNameUnreadable } from './errors.ts';
import { type Lazy, lazy } from './lazy.ts';

/**
 * The identity of the wiki that is served. Its name is looked up once: one name stands for one wiki until that is deleted for
 * good.
 */
export function lazyWikiId({ config, known, recorder }: Environment, store: Lazy<ByteStore>): Lazy<string> {
  return lazy('wiki_id', recorder, async () => {
    if (known !== undefined) return known.uuid;
    if (isUuid(config.wiki)) return config.wiki;
    const opened = await store();
    const record = await lookUp(opened, config.wiki);
    if (record === undefined || record.isDeleted) throw wikiAbsent(opened.location, config.wiki);
    return record.uuid;
  });
}

/** The uuid that a wiki's name stands for; undefined when it stands for none. A uuid stands for itself. */
export async function identify(store: ByteStore, wiki: string): Promise<string | undefined> {
  return isUuid(wiki) ? wiki : (await lookUp(store, wiki))?.uuid;
}

/** What stands in the place of a uuid where a name stands for nothing any more. */
const NOTHING = 'none';

/** The same where it is known that the name stood for a wiki that is served: nothing, when that was deleted. */
export async function identifyAgain(store: ByteStore, name: string): Promise<string> {
  const record = await lookUp(store, name);
  return record === undefined || record.isDeleted ? NOTHING : record.uuid;
}

interface NameRecord {
  uuid: string;
  /** It is being removed, or waits for that. */
  isDeleted: boolean;
}

async function lookUp(store: ByteStore, name: string): Promise<NameRecord | undefined> {
  const found = await store.get(nameKey(name));
  if (found.kind !== 'found') return undefined;
  const uuid = uuidIn(found.bytes);
  if (uuid === undefined) throw wikiNameUnreadable(store.location, nameKey(name));
  return { uuid, isDeleted: /"body":\{"state":"(?:deleted|sweeping)"/.test(found.bytes.toString('latin1')) };
}

/** What the record of a name says; its formats: `tenant/tenant-record.ts`, which is not loaded for it. */
export function uuidIn(record: Buffer): string | undefined {
  return /"uuid":"([0-9a-f]{32})"/.exec(record.toString('latin1'))?.[1];
}

/** Where the record of a name lies. */
export function nameKey(name: string): string {
  return `wikis/${name}`;
}

export function isUuid(text: string): boolean {
  return /^[0-9a-f]{32}$/.test(text);
}
