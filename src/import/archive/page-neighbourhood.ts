import { isPageName, pageNameStem } from './page-name.ts';

const MEDIA =
  /\.(?:png|jpe?g|gif|svg|webp|avif|bmp|tiff?|ico|pdf|mp3|m4a|ogg|oga|wav|flac|mp4|m4v|webm|ogv|mov)$/i;

/** True for the names of pictures, sound, film and PDF. */
export function isMedia(path: string): boolean {
  return MEDIA.test(path);
}

/** Which folders hold pages, and so which other files belong to a wiki. */
export class PageNeighbourhood {
  readonly #withPage = new Set<string>();
  readonly #own = new Set<string>();

  /** @param paths all files; it is gone through twice */
  constructor(paths: Iterable<string>) {
    const others = new Set<string>();
    for (const path of paths) {
      if (isPageName(path)) this.#withPage.add(folderOf(path));
      else others.add(folderOf(path).toLowerCase());
    }
    // Of pages only those are kept that have a folder: there may be a million others.
    for (const path of paths) {
      if (!isPageName(path)) continue;
      const stem = pageNameStem(path).toLowerCase();
      if (others.has(stem)) this.#own.add(stem);
    }
  }

  /** True for a file in a folder with a page, or in a page's own folder, or media anywhere below a folder with a page. */
  belongs(path: string): boolean {
    const folder = folderOf(path);
    if (this.#withPage.has(folder) || this.#own.has(folder.toLowerCase())) return true;
    return isMedia(path) && this.#below(folder);
  }

  #below(folder: string): boolean {
    for (let at = folder; ; at = folderOf(at)) {
      if (this.#withPage.has(at)) return true;
      if (at === '') return false;
    }
  }
}

function folderOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('/')));
}
