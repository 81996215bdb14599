import { isKittiwakeError } from '../../../core/errors.ts';
import { encodePart, encodePath, folderOf } from '../../../wiki/markup/link-target.ts';
import { linksOnTheLeft } from '../../../wiki/markup/wiki-links.ts';
import { isPageFile, pageStem } from '../../../wiki/name/page-path.ts';
import { relativePath } from '../../../wiki/name/relative-path.ts';
import { importedFile, importedPage } from '../../pipeline/page-path.ts';
import type { ArchiveOptions } from '../archive-options.ts';

/** Writes links as the wiki reads them. Paths are targets of a convention: before the wiki's rules of names. */
export class LinkWriter {
  readonly #naming: Required<ArchiveOptions['naming']>;
  readonly #isPageLeft: boolean;

  constructor(naming: ArchiveOptions['naming']) {
    this.#naming = { into: '', ...naming };
    this.#isPageLeft = linksOnTheLeft(naming);
  }

  /** `[[shown|Folder/Page#Section]]`, or the other way round where the wiki reads them so. `pipe`: what stands between. */
  wikiLink(target: string, anchor: string, shown: string | undefined, pipe = '|'): string {
    const { into } = this.#naming;
    const stem = pageStem(into === '' ? target : `${into}/${target}`);
    const page = `${stem.replace(/[\]|#%\\]/g, encodePart)}${anchor}`;
    if (shown === undefined || shown === page) return `[[${page}]]`;
    return this.#isPageLeft ? `[[${page}${pipe}${shown}]]` : `[[${shown}${pipe}${page}]]`;
  }

  /** A link to a place on the page itself. */
  ownLink(anchor: string, shown: string, pipe = '|'): string {
    return this.#isPageLeft ? `[[${anchor}${pipe}${shown}]]` : `[[${shown}${pipe}${anchor}]]`;
  }

  /** The destination of a Markdown link from one file to another; undefined where the wiki can have no such file. */
  relative(from: string, to: string): string | undefined {
    const [page, file] = [this.#fileOf(from), this.#fileOf(to)];
    if (page === undefined || file === undefined) return undefined;
    return encodePath(relativePath(folderOf(page), file, this.#naming));
  }

  #fileOf(target: string): string | undefined {
    try {
      return isPageFile(target) ? importedPage(target, this.#naming) : importedFile(target, this.#naming);
    } catch (error) {
      if (isKittiwakeError(error, 'path_invalid')) return undefined;
      throw error;
    }
  }
}
