import { escapeHtml } from '../escape.ts';
import type { Place } from '../renderer.ts';
import { matchesGlob } from './glob.ts';

export type Options = Readonly<Record<string, string>>;

/** Most pages of one index. */
const MAX_PAGES = 1_000;

/** The attachments of the page that shows it. Options: `caption`, `filter` (`*.txt`), `format` (`minimal`, `details`, `full`). */
export async function attachmentList(options: Options, place: Place): Promise<string> {
  const pattern = unescaped(options.filter ?? '*');
  const isMinimal = (options.format ?? options.fmt ?? '').toLowerCase() === 'minimal';
  const all = await place.attachments(place.file);
  const folder = ownFolder(place);
  const rows = all
    .filter(({ name }) => matchesGlob(pattern, name))
    .map(({ name, size, seconds }) => {
      const link = `<a href="${escapeHtml(place.fileUrl(`${folder}/${name}`))}">${escapeHtml(name)}</a>`;
      return `<tr><td>${link}</td>${isMinimal ? '' : `<td>${byteSize(size)}</td><td>${minute(seconds)}</td>`}</tr>\n`;
    });
  const caption = options.caption === undefined ? '' : `<caption>${escapeHtml(options.caption)}</caption>`;
  const head = isMinimal ? '' : '<th scope="col">Size</th><th scope="col">Date</th>';
  if (rows.length === 0) return caption && `<table class="table">${caption}</table>`;
  return `<table class="table">${caption}<thead><tr><th scope="col">Attachment</th>${head}</tr></thead><tbody>\n${rows.join('')}</tbody></table>`;
}

/** The pages below the page that shows it, in the order of their paths. Option: `src`, a pattern of their names. */
export async function pageIndex(options: Options, place: Place): Promise<string> {
  const folder = ownFolder(place);
  const pattern = unescaped(options.src ?? '*');
  const found = await place.pagesBelow(folder, MAX_PAGES + 1);
  const items = found
    .slice(0, MAX_PAGES)
    .filter(({ name }) => matchesGlob(pattern, name))
    .map(({ file, name }) => {
      const depth = file.split('/').length - folder.split('/').length - 1;
      const link = `<a href="${escapeHtml(place.pageUrl(file, ''))}">${escapeHtml(name)}</a>`;
      return `<li class="page-index-depth-${Math.min(depth, 9)}">${link}</li>\n`;
    });
  const more = found.length > MAX_PAGES ? `<p>There are more than ${MAX_PAGES} pages.</p>` : '';
  return `<ul class="page-index">\n${items.join('')}</ul>${more}`;
}

/** Where the attachments of a page are, and the pages below it. */
export function ownFolder({ file }: Place): string {
  return file.replace(/\.md$/, '');
}

/** Markdown's backslashes are not part of a pattern. */
function unescaped(pattern: string): string {
  return pattern.replace(/\\([!-/:-@[-`{-~])/g, '$1');
}

function byteSize(bytes: number): string {
  const units = ['B', 'KiB', 'MiB', 'GiB'];
  const power = bytes < 1 ? 0 : Math.min(units.length - 1, Math.floor(Math.log2(bytes) / 10));
  return `${power === 0 ? bytes : (bytes / 1024 ** power).toFixed(1)} ${units[power]}`;
}

/** In UTC. */
function minute(seconds: number): string {
  return new Date(seconds * 1000).toISOString().slice(0, 16).replace('T', ' ');
}
