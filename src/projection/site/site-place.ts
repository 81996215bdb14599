import type { FileInfo, View } from '../../git/repository.ts';
import type { Place, Resolved } from '../../render/renderer.ts';
import { isRegular } from '../../wiki/change/file-mode.ts';
import { decodeText } from '../../wiki/markup/text.ts';
import { isPageFile, pageStem } from '../../wiki/name/page-path.ts';
import { includedPage } from '../render/included-page.ts';
import type { RenderedPages } from '../render/rendered-pages.ts';
import { meantBy } from './link-candidates.ts';
import type { PageTable } from './page-table.ts';
import { encodeUrl } from './site-key.ts';
import type { SiteSettings } from './site-source.ts';
import { rootFrom } from './theme/relative-url.ts';

export const FILES = '-/files';

/** Larger attachments are streamed, and lie under an address that changes with their content. In bytes. */
export const LARGE_BYTES = 4 << 20;

export interface Placing {
  /** What the audience may read. */
  view: View;
  table: PageTable;
  home: string | undefined;
  settings: SiteSettings;
  rendering: RenderedPages;
}

/** The page that is shown. */
export interface Shown {
  file: string;
  /** Its path on the site, not encoded: the home page has another one than its file says. */
  url: string;
  /** Gets all files that links and embeddings might mean, whether they are there or not. */
  asked: Set<string>;
}

/**
 * A page as it stands on the site.
 * @param file the page itself, or one that it embeds
 */
export function sitePlace(file: string, shown: Shown, placing: Placing): Place {
  const { view, table, home, settings, rendering } = placing;
  const root = rootFrom(encodeUrl(shown.url));
  const files = new Map<string, FileInfo>();

  async function attachment(path: string): Promise<FileInfo | undefined> {
    const found = isAttachment(path) ? await view.file(path) : undefined;
    if (found === undefined || !isRegular(found.mode)) return undefined;
    files.set(path, found);
    return found;
  }

  async function resolve(target: string, isWikiLink: boolean): Promise<Resolved | undefined> {
    const meant = meantBy(target, isWikiLink, file, settings.naming);
    if (meant === undefined) return undefined;
    const { anchor } = meant;
    for (const each of meant.files) shown.asked.add(each);
    for (const each of meant.files) {
      if (table.find(each) !== undefined) return { file: each, anchor, isPage: true, exists: true };
      if (!isPageFile(each) && (await attachment(each)) !== undefined)
        return { file: each, anchor, isPage: false, exists: true };
    }
    const folder = meant.files.find(each => isPageFile(each) && table.hasBelow(pageStem(each)));
    if (folder !== undefined) return { file: folder, anchor, isPage: true, exists: true };
    const named = meant.files.at(-1) ?? '';
    const isFile = !isWikiLink && /\.[A-Za-z0-9]{1,8}$/.test(named) && !isPageFile(named);
    return { file: isFile ? named : (meant.files[0] ?? ''), anchor, isPage: !isFile, exists: false };
  }

  return {
    file,
    resolve,
    pageUrl(target, anchor) {
      const hash = anchor === '' ? '' : `#${encodeURIComponent(anchor.toWellFormed())}`;
      if (target === shown.file && hash !== '') return hash;
      return root + encodeUrl((target === home ? '' : pageStem(target)).toWellFormed()) + hash;
    },
    fileUrl: target => root + encodeUrl(attachmentUrl(target, files.get(target)).toWellFormed()),
    async page(target, section) {
      const blob = await pageText(target, placing);
      return blob && includedPage(blob, section, rendering);
    },
    at: target => sitePlace(target, shown, placing),
    async attachments(page) {
      const folder = pageStem(page);
      const listed: { name: string; size: number; seconds: number }[] = [];
      for (const { name } of await view.folder(folder)) {
        const found = isPageFile(name) ? undefined : await attachment(`${folder}/${name}`);
        if (found !== undefined) listed.push({ name, size: found.size, seconds: found.seconds });
      }
      return listed;
    },
    pagesBelow: async (folder, limit) =>
      table.below(folder.replace(/\/+$/, ''), limit).map(page => ({ file: page.file, name: page.title })),
    async read(path, maxBytes) {
      const found = await attachment(path);
      return found === undefined || found.size > maxBytes ? undefined : view.blob(found.oid);
    },
  };
}

/** Path of the address of a page's text as it is stored, not encoded. */
export function sourceUrl(file: string): string {
  return `${FILES}/${file}`;
}

/** What is no page, and is not kept out of sight by its name. */
export function isAttachment(path: string): boolean {
  return !isPageFile(path) && !path.split('/').some(part => part.startsWith('.'));
}

/** Path of an attachment's address, not encoded. */
export function attachmentUrl(path: string, file: Pick<FileInfo, 'oid' | 'size'> | undefined): string {
  return file !== undefined && file.size > LARGE_BYTES ? `-/large/${file.oid}/${path}` : `${FILES}/${path}`;
}

/** Id and text of a page. Undefined: the site has no such page. */
export async function pageText(
  file: string,
  { view, table }: Pick<Placing, 'view' | 'table'>,
): Promise<{ oid: string; text: string } | undefined> {
  const oid = table.find(file)?.described.oid;
  const text = oid === undefined ? undefined : decodeText(await view.blob(oid));
  return oid === undefined || text === undefined ? undefined : { oid, text };
}
