import Database from 'better-sqlite3';
import type { ByteStore } from '../../../src/storage/byte-store.ts';
import { UUID } from './followed-wiki.ts';

/** Fields of an outbox message that tell how it was delivered. */
const WAY = /^(\w+Ms|attempts|doubts|last)$/;

/**
 * All that follows from the commits, as text by name: objects of the site and rendered pages as they are, rows of the search index in
 * the order of their paths. Of documents what a swap adds is left out (uuid, number, nonce and writes), and of messages how
 * often and when they were tried: that tells of the way and not of the end.
 */
export async function dumpOf(store: ByteStore, folder: string): Promise<Record<string, string>> {
  const dump: Record<string, string> = indexDump(`${folder}/search/${UUID}.sqlite`);
  for (const prefix of ['site/', 'render/', 'outbox/', 'projections/']) {
    for await (const key of keysBelow(store, prefix)) {
      const found = await store.get(key);
      if (found.kind !== 'found') continue;
      const isDocument = prefix === 'outbox/' || prefix === 'projections/';
      dump[key] = isDocument ? documentText(key, found.bytes) : found.bytes.toString('latin1');
    }
  }
  return dump;
}

async function* keysBelow(store: ByteStore, prefix: string): AsyncGenerator<string> {
  let after: string | undefined;
  for (let more = true; more; ) {
    const page = await store.list(prefix, after === undefined ? {} : { after });
    for (const { key } of page.objects) yield key;
    after = page.objects.at(-1)?.key;
    more = page.more;
  }
}

function documentText(key: string, bytes: Buffer): string {
  const { format, body } = JSON.parse(bytes.toString('utf8'));
  if (!key.startsWith('projections/')) return JSON.stringify([format, withoutWay(body)]);
  const { cursor, told, setAside, dropped, own } = body;
  return JSON.stringify([
    format,
    cursor,
    told,
    setAside,
    dropped,
    key.endsWith('/site') ? siteText(own) : null,
  ]);
}

/** What a site keeps about itself, but for when it was last compared, and the order in which pages were made. */
function siteText({ checkedMs: _, uses, ...own }: Record<string, unknown>): string {
  const sorted = Object.entries(uses as object).sort(([one], [other]) => (one < other ? -1 : 1));
  return JSON.stringify([own, sorted]);
}

function withoutWay(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  const kept = Object.entries(value).filter(([name]) => !WAY.test(name));
  return Object.fromEntries(kept.map(([name, each]) => [name, withoutWay(each)]));
}

function indexDump(file: string): Record<string, string> {
  const database = new Database(file, { readonly: true });
  try {
    const rows = database.prepare('select path, oid, name, body, folded from page order by path').all();
    const state = database.prepare('select head, ordinal, variant, builder from state').all();
    return { search: JSON.stringify([state, rows]) };
  } finally {
    database.close();
  }
}
