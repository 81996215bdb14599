import { randomId, systemRuntime } from '../../src/core/runtime.ts';
import { PackBatches } from '../../src/git/foreign/pack-batches.ts';
import { hashObject } from '../../src/git/object/object-codec.ts';
import type { Oid } from '../../src/git/object/objects.ts';
import { createLedger, type LedgerRepository, openRepository } from '../../src/git/open.ts';
import type { ByteStore } from '../../src/storage/byte-store.ts';
import { createDescribe } from '../../src/wiki/markup/describe.ts';
import { DEFAULT_SETTINGS } from '../../src/wiki/settings.ts';
import { adoptCommit } from './adopt-commit.ts';

export const AUTHOR = { name: 'Ann Example', email: 'ann@example.org' };

export interface PageFile {
  path: string;
  text: string;
}

/** Opens the wiki `uuid` in any store as the server opens it, with nothing of it in memory. */
export function openStored(
  store: ByteStore,
  uuid: string,
  options: { flush?: null; local?: boolean } = {},
): LedgerRepository {
  const describe = createDescribe(DEFAULT_SETTINGS);
  return openRepository({ ...options, store, uuid, runtime: systemRuntime, describe });
}

/** Makes a wiki of these pages, which all come with one commit. Resolves with its uuid. */
export async function storePages(store: ByteStore, pages: Iterable<PageFile>): Promise<string> {
  const uuid = randomId(systemRuntime);
  await createLedger({ store, uuid, runtime: systemRuntime });
  await loadPages(openStored(store, uuid), pages);
  return uuid;
}

/** Many pages in one commit. */
export async function loadPages(repository: LedgerRepository, pages: Iterable<PageFile>): Promise<void> {
  const batches = new PackBatches(repository);
  const changes: { path: string; to: { oid: Oid; size: number } }[] = [];
  for (const { path, text } of pages) {
    const bytes = Buffer.from(text);
    const oid = hashObject('blob', bytes);
    await batches.add('blob', oid, bytes);
    changes.push({ path, to: { oid, size: bytes.length } });
  }
  await adoptCommit({ repository, batches, changes: async () => changes, message: 'Load', author: AUTHOR });
}

/** One durable commit that writes one page. Resolves with the commit's id. */
export async function commitPage(
  repository: LedgerRepository,
  path: string,
  content: Buffer | string,
): Promise<Oid> {
  const bytes = typeof content === 'string' ? Buffer.from(content) : content;
  const { result } = await repository.commit({
    plan: async () => ({
      kind: 'commit',
      draft: { changes: [{ path, to: { bytes } }], message: `Update ${path}`, author: AUTHOR },
      result: made => made.oid,
    }),
  });
  return result;
}

/** The bytes of a page in the newest commit. */
export async function readPage(repository: LedgerRepository, path: string): Promise<Buffer> {
  const view = await repository.view({ maxAgeMs: 0 });
  const file = await view.file(path);
  if (file === undefined) throw new Error(`Reading back ${path} fails: it is not there`);
  return view.blob(file.oid);
}
