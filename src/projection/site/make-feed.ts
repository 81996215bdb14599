import type { LogEntry } from '../../git/repository.ts';
import { isPageFile } from '../../wiki/name/page-path.ts';
import { addressOfPage, type Made } from './make-page.ts';
import type { ListedPage } from './page-table.ts';
import type { SiteView } from './site-view.ts';
import { renderAtomFeed, renderJsonFeed } from './theme/feeds.ts';
import type { SiteFeedEntry } from './theme/site-page.ts';

export const ATOM_URL = '-/changelog/feed.atom';
export const JSON_URL = '-/changelog/feed.json';

const MAX_ENTRIES = 50;
/** Commits that are read for those entries. */
const MAX_COMMITS = 500;
/** Changes of a commit that are looked at, and pages that an entry names. */
const MAX_CHANGES = 200;
const MAX_NAMES = 20;

/** Both feeds have the same. */
const made = new WeakMap<SiteView, Promise<SiteFeedEntry[]>>();

export async function makeFeed(url: typeof ATOM_URL | typeof JSON_URL, site: SiteView): Promise<Made> {
  const entries = made.get(site) ?? entriesOf(site);
  made.set(site, entries);
  const feed = {
    site: site.settings.info,
    id: `urn:uuid:${dashed(site.uuid)}`,
    url,
    otherUrl: url === ATOM_URL ? JSON_URL : ATOM_URL,
    entries: await entries,
  };
  return { bytes: Buffer.from(url === ATOM_URL ? renderAtomFeed(feed) : renderJsonFeed(feed)) };
}

async function entriesOf(site: SiteView): Promise<SiteFeedEntry[]> {
  const entries: SiteFeedEntry[] = [];
  let read = 0;
  for await (const each of site.view.log()) {
    if (entries.length >= MAX_ENTRIES || read >= MAX_COMMITS) break;
    read += 1;
    const entry = await feedEntry(each, site);
    if (entry !== undefined) entries.push(entry);
  }
  return entries;
}

/** Undefined: nothing is left of what the commit changed. */
async function feedEntry({ commit, changes }: LogEntry, site: SiteView): Promise<SiteFeedEntry | undefined> {
  const { table, uuid } = site;
  const pages = changes.slice(0, MAX_CHANGES).flatMap(({ path }) => table.find(path) ?? []);
  const first = pages[0];
  if (first === undefined) return undefined;
  // A message may tell of what has another name now, or none.
  const tells = changes.length <= MAX_NAMES && (await allAreThere(changes, site));
  const names = namesOf(pages, changes.length > MAX_CHANGES);
  const message = tells ? (commit.message.trim().split('\n')[0] ?? '') : '';
  return {
    id: `urn:kittiwake:${uuid}:${commit.oid}`,
    title: message === '' ? names : message,
    url: addressOfPage(first, site),
    seconds: commit.author.seconds,
    author: commit.author.name,
    summary: names,
  };
}

async function allAreThere(changes: LogEntry['changes'], { table, view }: SiteView): Promise<boolean> {
  for (const { path, oid } of changes) {
    const isThere = isPageFile(path) ? table.find(path) : await view.file(path);
    if (oid === null || isThere === undefined) return false;
  }
  return true;
}

function namesOf(pages: readonly ListedPage[], isCut: boolean): string {
  const names = pages.slice(0, MAX_NAMES).map(({ title }) => title);
  return isCut || pages.length > names.length ? `${names.join(', ')} and more` : names.join(', ');
}

function dashed(uuid: string): string {
  return uuid.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}
