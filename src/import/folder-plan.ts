import { isKittiwakeError } from '../core/errors.ts';
import { checkFilePath, pageFile } from '../wiki/name/page-path.ts';
import { isPageName, pageNameStem } from './archive/page-name.ts';
import { PageNeighbourhood } from './archive/page-neighbourhood.ts';
import type { Walked } from './folder-walk.ts';

/** A file of the source and the path that it gets in the wiki. */
export interface PlannedFile {
  source: string;
  absolute: string;
  bytes: number;
  target: string;
  kind: 'page' | 'attachment';
}

export interface FolderPlan {
  files: PlannedFile[];
  left: { path: string; reason: string }[];
}

export interface PlanOptions {
  retainPageNameCase: boolean;
  /** Which files that are no pages come along; see {@link planFolder}. */
  attachments: 'beside' | 'all' | 'none';
  /** Largest file taken, in bytes. */
  maxFileBytes: number;
  /** Largest of those that are no pages. Default: the same. */
  maxAttachmentBytes?: number;
  /** Folder of the wiki under which everything is put; `''` is the root. */
  into: string;
}

/**
 * Decides what each file becomes. Markdown files are pages, named as the API names them (lower case unless the wiki
 * keeps case). Of the others, `beside` takes all that lie in a folder with a page, or in a page's own folder
 * (`docs/intro/` beside `docs/intro.md`), and pictures, sound, film and PDF anywhere below a folder with a page. Two
 * files that would become one are reported; the first in the walk's order stays.
 */
export function planFolder(walked: readonly Walked[], options: PlanOptions): FolderPlan {
  const plan: FolderPlan = { files: [], left: [] };
  const files: (Walked & { kind: 'file' })[] = [];
  for (const item of walked) {
    if (item.kind === 'file') files.push(item);
    else plan.left.push({ path: item.path, reason: item.reason });
  }
  const near = new PageNeighbourhood(files.map(file => file.path));
  const taken = new TakenPaths();
  // Pages first: where a page and another file meet, the page stays.
  for (const file of [...files.filter(isPage), ...files.filter(file => !isPage(file))]) {
    const reason = refusal(file, near, options);
    const target = reason === undefined ? targetOf(file.path, options) : { reason };
    const clash = 'path' in target ? taken.take(target.path, file.path) : undefined;
    if ('reason' in target) plan.left.push({ path: file.path, reason: target.reason });
    else if (clash !== undefined) plan.left.push({ path: file.path, reason: clash });
    else plan.files.push(planned(file, target.path));
  }
  return plan;
}

function isPage(file: { path: string }): boolean {
  return isPageName(file.path);
}

function planned(file: Walked & { kind: 'file' }, target: string): PlannedFile {
  const { path: source, absolute, bytes } = file;
  return { source, absolute, bytes, target, kind: isPage(file) ? 'page' : 'attachment' };
}

function refusal(
  file: Walked & { kind: 'file' },
  near: PageNeighbourhood,
  options: PlanOptions,
): string | undefined {
  const { maxFileBytes, maxAttachmentBytes = maxFileBytes } = options;
  const maxBytes = isPage(file) ? maxFileBytes : maxAttachmentBytes;
  if (file.bytes > maxBytes) return `too large: ${file.bytes} bytes, the limit is ${maxBytes}`;
  if (isPage(file) || options.attachments === 'all') return undefined;
  if (options.attachments === 'none') return 'not a page';
  return near.belongs(file.path) ? undefined : 'not beside a page';
}

function targetOf(source: string, options: PlanOptions): { path: string } | { reason: string } {
  const path = options.into === '' ? source : `${options.into}/${source}`;
  try {
    if (path.includes('\\'))
      return { reason: 'its name holds a backslash, which some systems take for a slash' };
    if (isPageName(path)) return { path: pageFile(pageNameStem(path), options) };
    const slash = path.lastIndexOf('/') + 1;
    const folder = options.retainPageNameCase ? path.slice(0, slash) : path.slice(0, slash).toLowerCase();
    const target = folder + path.slice(slash);
    checkFilePath(target, source);
    return { path: target };
  } catch (error) {
    if (isKittiwakeError(error, 'path_invalid')) return { reason: error.message };
    throw error;
  }
}

/** The paths given away so far; git cannot hold a file and a folder of one name. */
class TakenPaths {
  readonly #files = new Map<string, string>();
  readonly #folders = new Map<string, string>();

  /** Why the path cannot be had, or undefined when it now belongs to `source`. */
  take(path: string, source: string): string | undefined {
    const same = this.#files.get(path);
    if (same !== undefined) return `would be the same file as ${JSON.stringify(same)}`;
    const inside = this.#folders.get(path);
    if (inside !== undefined) return `is a folder in ${JSON.stringify(inside)}`;
    for (let at = folderOf(path); at !== ''; at = folderOf(at)) {
      const file = this.#files.get(at);
      if (file !== undefined) return `needs a folder where ${JSON.stringify(file)} is a file`;
    }
    this.#files.set(path, source);
    for (let at = folderOf(path); at !== ''; at = folderOf(at)) this.#folders.set(at, source);
    return undefined;
  }
}

function folderOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('/')));
}
