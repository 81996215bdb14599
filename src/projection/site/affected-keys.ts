import type { Oid } from '../../git/object/objects.ts';
import { pathTarget, titleOf } from '../../wiki/markup/describe.ts';
import { readDocument } from '../../wiki/markup/frontmatter.ts';
import { decodeText } from '../../wiki/markup/text.ts';
import { isPageFile, pageStem } from '../../wiki/name/page-path.ts';
import { servedPath } from '../served-file.ts';
import { FEED_URLS, groupUrls, LIST_URLS } from './expected-keys.ts';
import { linkedFiles } from './link-candidates.ts';
import { groupName, labelUrl, SITEMAP, treeUrl } from './make-listing.ts';
import { shardUrl } from './make-search.ts';
import { titleLabel } from './page-groups.ts';
import { foldersAbove, groupBits, titleOfFacts } from './page-table.ts';
import { formerNames } from './redirects.ts';
import { siteKey } from './site-key.ts';
import { FILES, isAttachment, sourceUrl } from './site-place.ts';
import type { SiteView } from './site-view.ts';

/** A file that differs between two versions of the wiki; null: it is absent there. */
export interface FileChange {
  path: string;
  before: Oid | null;
  after: Oid | null;
}

/** What is stored, as far as the plan must know it. */
export interface StoredKnowledge {
  /** Files that pages were made of besides their own text, by the page's file. */
  uses: Readonly<Record<string, readonly string[]>>;
  /** Keys of stored groups: of searches, sitemaps, the list of all pages. */
  groupKeys(): Promise<readonly string[]>;
}

/**
 * Keys of all objects that may come out otherwise after these changes, and of some that do not. The effort depends on the changes, on
 * what links to them, and on nothing else.
 */
export async function affectedKeys(
  changes: readonly FileChange[],
  site: SiteView,
  stored: StoredKnowledge,
): Promise<Set<string>> {
  const urls = new Set<string>(changes.length > 0 ? FEED_URLS : []);
  const users = usersOf(stored.uses);
  let listsChange = false;
  for (const change of changes) {
    if (!isPageFile(change.path)) {
      if (isAttachment(change.path)) await addAttachment(urls, change, site, users);
    } else if (await addPage(urls, change, site, users)) listsChange = true;
    const places = [change.path, '/', ...foldersAbove(change.path).map(folder => `${folder}/`)];
    for (const place of places) for (const user of users.get(place) ?? []) addPageUrl(urls, user, site);
  }
  if (listsChange)
    for (const file of changedFolders(changes, site)) await addSources(urls, file, site, users);
  const keys = new Set([...urls].flatMap(url => siteKey(url) ?? []));
  if (listsChange) for (const key of await changedGroups(site, stored)) keys.add(key);
  return keys;
}

/** Folders without a page of their own that links may lead to since these changes, or no longer, as files of pages. */
function changedFolders(changes: readonly FileChange[], { table }: SiteView): ReadonlySet<string> {
  const pages = changes.filter(
    ({ path, before, after }) => isPageFile(path) && (before === null || after === null),
  );
  const folders = new Set(pages.flatMap(({ path }) => foldersAbove(path)));
  // Where there are more pages than changes, one of them was there before.
  const isNew = (folder: string) => table.below(folder, changes.length + 1).length <= changes.length;
  const files = [...folders].filter(isNew).map(folder => `${folder}.md`);
  return new Set(files.filter(file => table.find(file) === undefined));
}

/** Groups that are to come, and groups that are to go. */
async function changedGroups(site: SiteView, stored: StoredKnowledge): Promise<string[]> {
  const before = new Set(await stored.groupKeys());
  const after = new Set([...groupUrls(site), ...LIST_URLS].flatMap(url => siteKey(url) ?? []));
  const lists = LIST_URLS.flatMap(url => siteKey(url) ?? []);
  return [
    ...lists,
    ...[...after].filter(key => !before.has(key)),
    ...[...before].filter(key => !after.has(key)),
  ];
}

/** @returns whether lists of pages change */
async function addPage(
  urls: Set<string>,
  change: FileChange,
  site: SiteView,
  users: Users,
): Promise<boolean> {
  const { path, before, after } = change;
  const { view, table } = site;
  const [old, now] = await Promise.all([factsOf(path, before, site), factsOf(path, after, site)]);
  const listsChange = old?.title !== now?.title || (before === null) !== (after === null);
  addPageUrl(urls, path, site);
  urls.add(sourceUrl(path));
  addGroup(urls, path, site);
  for (const file of differing(old?.links, now?.links, listsChange)) {
    if (table.find(file) !== undefined) addPageUrl(urls, file, site);
  }
  if (!listsChange) return false;
  for (const folder of ['', ...foldersAbove(path)]) urls.add(folder).add(treeUrl(folder));
  for (const facts of [old, now]) if (facts !== undefined) addLabels(urls, facts.title, site);
  await addSources(urls, path, site, users);
  for (const file of await formerNames(path, view)) urls.add(pageStem(file));
  return true;
}

/** The group that a page is in, or was. */
function addGroup(urls: Set<string>, path: string, { table, settings }: SiteView): void {
  const group = table.groupOf(groupBits(pageStem(path)));
  if (group === undefined) return;
  urls.add(shardUrl(group.prefix));
  if (settings.info.baseUrl !== '') urls.add(`${SITEMAP}/${groupName(group.prefix)}.xml`);
}

function addLabels(urls: Set<string>, title: string, { table }: SiteView): void {
  const label = titleLabel(title);
  for (const { prefix } of table.labels) if (label.startsWith(prefix.trim())) urls.add(labelUrl(prefix));
}

async function addAttachment(
  urls: Set<string>,
  change: FileChange,
  site: SiteView,
  users: Users,
): Promise<void> {
  const { path, before, after } = change;
  urls.add(`${FILES}/${path}`);
  for (const oid of [before, after]) if (oid !== null) urls.add(`-/large/${oid}/${path}`);
  for (const each of [path, servedPath(path)]) await addSources(urls, each, site, users);
}

/** Pages that link to a file, and pages that show these. */
async function addSources(urls: Set<string>, path: string, site: SiteView, users: Users): Promise<void> {
  for (const file of await site.view.sources(pathTarget(path)))
    for (const each of [file, ...(users.get(file) ?? [])]) addPageUrl(urls, each, site);
}

/** The home page has two addresses. */
function addPageUrl(urls: Set<string>, file: string, { home, table }: SiteView): void {
  urls.add(pageStem(file));
  if (file === home || table.pages.length === 0) urls.add('');
}

/** What a content of a page tells other objects. Undefined: it is none, or cannot be read. */
async function factsOf(
  file: string,
  oid: Oid | null,
  { view, settings }: SiteView,
): Promise<{ title: string; links: ReadonlySet<string> } | undefined> {
  if (oid === null) return undefined;
  const text = decodeText(await view.blob(oid));
  if (text === undefined) return undefined;
  const title = titleOf(await readDocument(text));
  return {
    title: titleOfFacts(title === undefined ? {} : { title }, file, settings.naming),
    links: linkedFiles(file, text, settings.naming),
  };
}

function differing(
  old: ReadonlySet<string> = new Set(),
  now: ReadonlySet<string> = new Set(),
  all = false,
): ReadonlySet<string> {
  return all ? old.union(now) : old.symmetricDifference(now);
}

/** Pages by the files that they were made of. */
type Users = ReadonlyMap<string, readonly string[]>;

function usersOf(uses: StoredKnowledge['uses']): Users {
  const users = new Map<string, string[]>();
  for (const [page, files] of Object.entries(uses)) {
    for (const file of files) {
      const known = users.get(file);
      if (known) known.push(page);
      else users.set(file, [page]);
    }
  }
  return users;
}
