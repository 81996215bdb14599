import { comparePaths } from '../../git/object/paths.ts';
import type { Described } from '../../git/repository.ts';
import type { PageFacts } from '../../wiki/markup/describe.ts';
import { displayName, pageStem } from '../../wiki/name/page-path.ts';
import type { WikiSettings } from '../../wiki/settings.ts';
import { type Group, groupBy, titleLabel } from './page-groups.ts';
import { isReserved, siteKey } from './site-key.ts';

/** A page that the site shows. */
export interface ListedPage {
  file: string;
  /** The file without `.md`: the path of its URL, not encoded. */
  url: string;
  title: string;
  /** Spreads pages over groups. */
  bits: string;
  /** Start of the title, as pages are grouped by. */
  label: string;
  described: Described<PageFacts>;
}

/** What lies right below a page or folder. */
export interface Child {
  /** Path of its URL, not encoded. */
  url: string;
  title: string;
  /** Whether something lies below it in turn. */
  hasBelow: boolean;
}

type Naming = Pick<WikiSettings, 'retainPageNameCase'>;

/** Pages of one group that a browser loads at once. */
const MAX_GROUP = 128;
/** Pages under one label of the list of all pages. */
const MAX_LABELLED = 500;

/** Made once for each content of a page: the entries of a view's table stay the same as long as their pages do. */
export type PageMemo = WeakMap<Described<unknown>, ListedPage | null>;

/** The pages that the site shows of one version of the wiki, in path order. */
export class PageTable {
  readonly pages: readonly ListedPage[];
  /** Files of pages that have no address on the site. */
  readonly unaddressed: readonly string[];
  readonly #naming: Naming;
  readonly #children = new Map<string, readonly Child[]>();
  #groups: readonly Group<ListedPage>[] | undefined;
  #labels: readonly Group<ListedPage>[] | undefined;

  constructor(described: readonly Described<unknown>[], naming: Naming, memo: PageMemo) {
    this.#naming = naming;
    const pages: ListedPage[] = [];
    const unaddressed: string[] = [];
    for (const each of described) {
      let page = memo.get(each);
      if (page === undefined) {
        page = listedPage(each as Described<PageFacts>, naming);
        memo.set(each, page);
      }
      if (page === null) unaddressed.push(each.path);
      else pages.push(page);
    }
    this.pages = pages;
    this.unaddressed = unaddressed;
  }

  find(file: string): ListedPage | undefined {
    const page = this.pages[this.#lowerBound(file)];
    return page?.file === file ? page : undefined;
  }

  /** Pages below a folder, at most `limit`. `''` is the whole site. */
  below(folder: string, limit = Number.POSITIVE_INFINITY): readonly ListedPage[] {
    const prefix = folder === '' ? '' : `${folder}/`;
    const start = this.#lowerBound(prefix);
    let end = start;
    while (end - start < limit && this.pages[end]?.file.startsWith(prefix)) end += 1;
    return this.pages.slice(start, end);
  }

  hasBelow(folder: string): boolean {
    return this.below(folder, 1).length > 0;
  }

  /** By the names in their URLs. What lies further down is passed over. */
  children(folder: string): readonly Child[] {
    const known = this.#children.get(folder);
    if (known !== undefined) return known;
    const prefix = folder === '' ? '' : `${folder}/`;
    const found = new Map<string, Child>();
    for (let at = this.#lowerBound(prefix); ; ) {
      const page = this.pages[at];
      if (page === undefined || !page.file.startsWith(prefix)) break;
      const slash = page.file.indexOf('/', prefix.length);
      const url = slash < 0 ? page.url : page.file.slice(0, slash);
      if (!found.has(url)) found.set(url, this.#child(url));
      at = slash < 0 ? at + 1 : this.#lowerBound(`${url}0`);
    }
    const children = [...found.values()].sort((a, b) => comparePaths(a.url, b.url));
    this.#children.set(folder, children);
    return children;
  }

  /** All folders that hold pages at any depth, without the root. */
  folders(): Set<string> {
    const folders = new Set<string>();
    for (const { file } of this.pages) for (const folder of foldersAbove(file)) folders.add(folder);
    return folders;
  }

  folderTitle(folder: string): string {
    return displayName(folder, this.#naming);
  }

  /** Groups of at most 128 pages, by a hash of the path: they depend on which pages there are and on nothing else. */
  get groups(): readonly Group<ListedPage>[] {
    this.#groups ??= groupBy(this.pages, page => page.bits, MAX_GROUP);
    return this.#groups;
  }

  /**
   * The group that a page with these bits is in, without the others being made.
   * @param bits all of them, or the prefix of a group
   */
  groupOf(bits: string): Group<ListedPage> | undefined {
    let items = this.pages;
    let length = 0;
    for (; items.length > MAX_GROUP && length < bits.length; length += 1) {
      const at = length;
      items = items.filter(page => page.bits[at] === bits[at]);
    }
    return items.length === 0 ? undefined : { prefix: bits.slice(0, length), items };
  }

  /** Groups by the start of the title. */
  get labels(): readonly Group<ListedPage>[] {
    this.#labels ??= groupBy(this.pages, page => page.label, MAX_LABELLED, 1);
    return this.#labels;
  }

  #child(url: string): Child {
    const title = this.find(`${url}.md`)?.title ?? this.folderTitle(url);
    return { url, title, hasBelow: this.hasBelow(url) };
  }

  #lowerBound(file: string): number {
    let [low, high] = [0, this.pages.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (comparePaths(this.pages[middle]?.file ?? '', file) < 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

/** Folders above a file, innermost first, without the root. */
export function foldersAbove(file: string): string[] {
  const folders: string[] = [];
  for (let slash = file.lastIndexOf('/'); slash > 0; slash = file.lastIndexOf('/', slash - 1)) {
    folders.push(file.slice(0, slash));
  }
  return folders;
}

/** What a page is called: the title of its frontmatter, else its name. */
export function titleOfFacts(facts: Pick<PageFacts, 'title'>, file: string, naming: Naming): string {
  const { title } = facts;
  const text = typeof title === 'string' ? title : title === undefined ? '' : JSON.stringify(title);
  return text.trim() === '' ? displayName(file, naming) : text;
}

function listedPage(described: Described<PageFacts>, naming: Naming): ListedPage | null {
  const { path: file, facts } = described;
  const url = pageStem(file);
  if (isReserved(url) || siteKey(url) === undefined) return null;
  const title = titleOfFacts(facts, file, naming);
  return { file, url, title, bits: groupBits(url), label: titleLabel(title), described };
}

/** What groups a page: a hash of its path, as 32 binary digits. FNV-1a over UTF-16 units, mixed once more. */
export function groupBits(text: string): string {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at += 1) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return ((hash ^ (hash >>> 16)) >>> 0).toString(2).padStart(32, '0');
}
