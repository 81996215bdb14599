import { readDocument } from '../../wiki/markup/frontmatter.ts';
import { findSections } from '../../wiki/markup/sections.ts';
import { decodeText } from '../../wiki/markup/text.ts';
import { groupName, groupNamed, json } from './make-listing.ts';
import { addressOfPage, type Made } from './make-page.ts';
import type { ListedPage } from './page-table.ts';
import type { SiteView } from './site-view.ts';
import { foldWords } from './theme/fold-words.ts';
import type { SearchDirectory, SearchEntry, SearchShard } from './theme/site-page.ts';

export const SEARCH = '-/search';
export const SEARCH_INDEX = `${SEARCH}/index.json`;

/** Of one page. */
const MAX_HEADINGS = 100;
const MAX_WORDS = 2_000;
const MAX_WORD_LENGTH = 64;

/** An entry with what it was made of: as long as a page's text stays, what is stored of it is taken over. */
interface KeptEntry extends SearchEntry {
  /** Start of the blob's id. */
  v: string;
}

/** How entries are made: others are not taken over. */
const FORMAT = 1;

export function shardUrl(prefix: string): string {
  return `${SEARCH}/${groupName(prefix)}.json`;
}

export function makeSearchIndex({ table, settings }: SiteView): Made | undefined {
  if (!settings.isOn) return undefined;
  const shards = table.groups.map(({ prefix }) => shardUrl(prefix));
  return json({ shards, pages: table.pages.length } satisfies SearchDirectory);
}

/** @param stored the shard as it is stored now; undefined: there is none */
export async function makeShard(
  name: string,
  site: SiteView,
  stored: Buffer | undefined,
): Promise<Made | undefined> {
  const group = groupNamed(site.table, name);
  if (group === undefined) return undefined;
  const kept = keptEntries(stored);
  const pages: KeptEntry[] = [];
  for (const page of group.items) {
    const [url, version] = [addressOfPage(page, site), page.described.oid.slice(0, 16)];
    const known = kept.get(`${version} ${url}`);
    pages.push(known ? { ...known, t: page.title } : await entryOf(page, url, version, site));
  }
  return json({ format: FORMAT, pages } satisfies SearchShard & { format: number });
}

async function entryOf(
  page: ListedPage,
  url: string,
  version: string,
  { view }: SiteView,
): Promise<KeptEntry> {
  const text = decodeText(await view.blob(page.described.oid)) ?? '';
  const { body } = await readDocument(text);
  const h = findSections(body)
    .slice(0, MAX_HEADINGS)
    .map(({ title }) => title);
  const words = foldWords(body).filter(word => word.length <= MAX_WORD_LENGTH);
  return { u: url, t: page.title, h, w: words.slice(0, MAX_WORDS).join(' '), v: version };
}

function keptEntries(stored: Buffer | undefined): Map<string, KeptEntry> {
  try {
    const { format, pages } = JSON.parse(stored?.toString() ?? '{}');
    const entries = (format === FORMAT ? pages : []) as KeptEntry[];
    return new Map(entries.map(entry => [`${entry.v} ${entry.u}`, entry]));
  } catch {
    return new Map();
  }
}
