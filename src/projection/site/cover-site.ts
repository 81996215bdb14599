import type { Runtime } from '../../core/runtime.ts';
import type { ByteStore } from '../../storage/byte-store.ts';
import { expectedKeys } from './expected-keys.ts';
import { INDEX, SITEMAP } from './make-listing.ts';
import { SEARCH } from './make-search.ts';
import type { SiteRun } from './site-run.ts';
import type { SiteView } from './site-view.ts';

/** Objects that are claimed together. */
const BATCH = 256;

interface Stored {
  store: ByteStore;
  prefix: string;
  runtime: Runtime;
}

/**
 * Compares all objects with what they should be, from where the last run ended, in order of their keys; first of all what should
 * not be there goes. Does nothing when they were compared.
 */
export async function coverSite(
  run: SiteRun,
  site: SiteView,
  { store, prefix, runtime }: Stored,
): Promise<void> {
  const { upTo } = run.state.own;
  if (upTo === null) return;
  const [expected, stored] = [await expectedKeys(site), await storedKeys(store, prefix)];
  if (upTo === '') {
    const wanted = new Set(expected);
    const gone = stored.filter(key => !wanted.has(key));
    for (const batch of batches(gone)) await run.settle(batch, {});
  }
  const claimed = run.state.own.claims.flatMap(({ keys }) => keys);
  const all = [...new Set([...expected, ...stored, ...claimed])].sort();
  for (const batch of batches(all.filter(key => key > upTo)))
    await run.settle(batch, { upTo: batch.at(-1) ?? '' });
  await run.move({ upTo: null, checkedMs: runtime.now() });
}

/** Keys of all objects below a prefix, without it. */
export async function storedKeys(store: ByteStore, prefix: string, below = ''): Promise<string[]> {
  const keys: string[] = [];
  for (let after: string | undefined, more = true; more; ) {
    const page = await store.list(prefix + below, after === undefined ? {} : { after });
    for (const { key } of page.objects) keys.push(key.slice(prefix.length));
    after = page.objects.at(-1)?.key;
    more = page.more;
  }
  return keys;
}

/** Of what is parted into groups: what there is depends on all pages. */
export async function groupKeys(store: ByteStore, prefix: string): Promise<string[]> {
  const areas = [INDEX, SEARCH, SITEMAP].map(area => storedKeys(store, prefix, `${area}/`));
  return (await Promise.all(areas)).flat();
}

function* batches(keys: readonly string[]): Generator<string[]> {
  for (let start = 0; start < keys.length; start += BATCH) yield keys.slice(start, start + BATCH);
}
