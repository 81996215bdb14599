import { escapeHtml } from '../escape.ts';
import type { Place } from '../renderer.ts';
import { fromPage } from './boxes.ts';
import { readCsv } from './csv.ts';
import type { Options } from './lists.ts';

/** Of the attachment, in bytes. */
const MAX_BYTES = 1024 * 1024;
/** That are read, and that are written: short rows are filled up. */
const MAX_CELLS = 50_000;

/** The file that a table is made of; undefined when there is none. */
export async function tableFile(options: Options, place: Place): Promise<string | undefined> {
  const found = await place.resolve(fromPage(options.src ?? ''), false);
  return found?.isPage === false && found.exists ? found.file : undefined;
}

/**
 * A table of a CSV attachment. Options: `src`, `caption`, `separator` (`sep`, `delimiter`; default `;`), `quotechar`, `header`,
 * `columns` (numbers from 1, or names), `headers` (to be shown instead).
 */
export async function attachedTable(
  options: Options,
  file: string | undefined,
  place: Place,
): Promise<string> {
  const bytes = file === undefined ? undefined : await place.read(file, MAX_BYTES);
  if (bytes === undefined)
    return `<p class="text-danger">DataTable: there is no attachment <code>${escapeHtml(options.src ?? '')}</code> of at most ${MAX_BYTES} bytes</p>`;
  const read = readCsv(new TextDecoder().decode(bytes), {
    separator: oneOf(options.delimiter ?? options.sep ?? options.separator, ';'),
    quote: oneOf(options.quotechar, '"'),
    maxCells: MAX_CELLS,
  });
  const { html, isCut } = table(read.rows, options);
  const more = read.isCut || isCut ? `<p>Cells behind the first ${MAX_CELLS} are not shown.</p>` : '';
  return `<table class="table">${captionOf(options)}${html}</table>${more}`;
}

function table(rows: readonly string[][], options: Options): { html: string; isCut: boolean } {
  const hasHeader = !['false', 'no', 'off', '0', 'n'].includes((options.header ?? 'true').toLowerCase());
  const header = hasHeader ? rows[0] : undefined;
  const columns = columnsOf(options.columns, header, rows[0]?.length ?? 0);
  const all = rows.slice(hasHeader ? 1 : 0);
  const shown = all.slice(0, Math.floor(MAX_CELLS / Math.max(1, columns.length)));
  const titles =
    options.headers?.split(',').map(title => title.trim()) ?? columns.map(at => header?.[at] ?? '');
  const hasTitles = hasHeader || options.headers !== undefined;
  const head = hasTitles
    ? `<thead><tr>${titles.map(cell('th scope="col"', 'th')).join('')}</tr></thead>`
    : '';
  const body = shown.map(
    row =>
      `<tr>${columns
        .map(at => row[at] ?? '')
        .map(cell('td', 'td'))
        .join('')}</tr>\n`,
  );
  return { html: `${head}<tbody>\n${body.join('')}</tbody>`, isCut: shown.length < all.length };
}

/** Places of the columns that are shown, each once: what stands in them is not written more often than it is read. */
function columnsOf(
  wanted: string | undefined,
  header: readonly string[] | undefined,
  count: number,
): number[] {
  if (wanted === undefined) return Array.from({ length: count }, (_, at) => at);
  const names = wanted.split(',').map(name => name.trim());
  const isNumbers = names.every(name => /^\d{1,4}$/.test(name));
  const places = names.map(name => (isNumbers ? Number(name) - 1 : (header?.indexOf(name) ?? -1)));
  return [...new Set(places)].filter(at => at >= 0 && at < count);
}

function cell(opening: string, name: string): (text: string) => string {
  return text => `<${opening}>${escapeHtml(text)}</${name}>`;
}

function captionOf({ caption }: Options): string {
  return caption === undefined ? '' : `<caption>${escapeHtml(caption)}</caption>`;
}

function oneOf(text: string | undefined, byDefault: string): string {
  return text === '\\t' ? '\t' : (text?.[0] ?? byDefault);
}
