import type { FileInfo, View } from '../../git/repository.ts';
import type { Place, Resolved } from '../../render/renderer.ts';
import { isRegular } from '../../wiki/change/file-mode.ts';
import type { PageFacts } from '../../wiki/markup/describe.ts';
import { decodeText } from '../../wiki/markup/text.ts';
import { isPageFile, pageStem } from '../../wiki/name/page-path.ts';
import type { WikiSettings } from '../../wiki/settings.ts';
import { meantBy } from '../site/link-candidates.ts';
import { titleOfFacts } from '../site/page-table.ts';
import { encodeUrl } from '../site/site-key.ts';
import { includedPage } from './included-page.ts';
import type { RenderedPages } from './rendered-pages.ts';

export interface ViewPlaceOptions {
  /** What the reader may read; everything else is absent. */
  view: View;
  naming: Pick<WikiSettings, 'retainPageNameCase' | 'wikilinkStyle'>;
  pages: Pick<RenderedPages, 'compile'>;
  /** Address of the site, without a slash at its end; empty: links begin at the root of wherever the page is shown. */
  baseUrl: string;
}

/** A page as a reader of the API sees it: asks for no more than the files that it names. */
export function viewPlace(file: string, options: ViewPlaceOptions): Place {
  return placeAt(file, { ...options, shown: file }, createFiles(options.view));
}

type Files = (path: string) => Promise<FileInfo | undefined>;

/** Files by path; those that are asked for at once are read together, and none twice. */
function createFiles(view: View): Files {
  const known = new Map<string, Promise<FileInfo | undefined>>();
  let asked: { path: string; answer(found: Promise<FileInfo | undefined>): void }[] = [];
  const askAll = () => {
    const now = asked;
    asked = [];
    view.together(() => {
      for (const { path, answer } of now) answer(view.file(path));
    });
  };
  return path => {
    const before = known.get(path);
    if (before !== undefined) return before;
    const found = new Promise<FileInfo | undefined>(resolve => {
      if (asked.length === 0) queueMicrotask(askAll);
      asked.push({ path, answer: resolve });
    });
    known.set(path, found);
    return found;
  };
}

/** @param options `shown`: the page that the reader sees, whatever is embedded */
function placeAt(file: string, options: ViewPlaceOptions & { shown: string }, files: Files): Place {
  const { view, naming, pages, baseUrl, shown } = options;
  const regular = async (path: string) => {
    const found = await files(path);
    return found !== undefined && isRegular(found.mode) ? found : undefined;
  };
  return {
    file,
    at: other => placeAt(other, options, files),
    resolve: (target, isWikiLink) =>
      resolveIn(regular, meantBy(target, isWikiLink, file, naming), isWikiLink),
    pageUrl(target, anchor) {
      const hash = anchor === '' ? '' : `#${encodeURIComponent(anchor.toWellFormed())}`;
      const path = target === 'home.md' ? '' : pageStem(target);
      return target === shown && hash !== '' ? hash : `${baseUrl}/${encodeUrl(path.toWellFormed())}${hash}`;
    },
    fileUrl: target => `${baseUrl}/-/files/${encodeUrl(target.toWellFormed())}`,
    async page(path, section) {
      const found = isPageFile(path) ? await regular(path) : undefined;
      const text = found && decodeText(await view.blob(found.oid));
      return found && text !== undefined ? includedPage({ oid: found.oid, text }, section, pages) : undefined;
    },
    attachments: async page => await attachmentsIn(pageStem(page), view, regular),
    pagesBelow: async (folder, limit) => await pagesBelow(folder, limit, view, naming),
    async read(path, maxBytes) {
      const found = await regular(path);
      return found === undefined || found.size > maxBytes ? undefined : await view.blob(found.oid);
    },
  };
}

/** The first file that is there; else the page, or the file with an ending of its own, that could be. */
async function resolveIn(
  regular: Files,
  meant: ReturnType<typeof meantBy>,
  isWikiLink: boolean,
): Promise<Resolved | undefined> {
  if (meant === undefined) return undefined;
  const { files, anchor } = meant;
  const found = await Promise.all(files.map(regular));
  const at = found.findIndex(each => each !== undefined);
  const named = files[at];
  if (named !== undefined) return { file: named, anchor, isPage: isPageFile(named), exists: true };
  const last = files.at(-1) ?? '';
  const isFile = !isWikiLink && /\.[A-Za-z0-9]{1,8}$/.test(last) && !isPageFile(last);
  return { file: isFile ? last : (files[0] ?? ''), anchor, isPage: !isFile, exists: false };
}

async function attachmentsIn(folder: string, view: View, regular: Files) {
  const names = (await view.folder(folder)).map(({ name }) => name).filter(name => !isPageFile(name));
  const found = await Promise.all(names.map(name => regular(`${folder}/${name}`)));
  return found.flatMap((file, at) =>
    file === undefined ? [] : [{ name: names[at] ?? '', size: file.size, seconds: file.seconds }],
  );
}

async function pagesBelow(folder: string, limit: number, view: View, naming: ViewPlaceOptions['naming']) {
  const prefix = folder === '' ? '' : `${folder}/`;
  const below = (await view.described()).filter(({ path }) => path.startsWith(prefix));
  return below.slice(0, limit).map(({ path, facts }) => ({
    file: path,
    name: titleOfFacts(facts as PageFacts, path, naming),
  }));
}
