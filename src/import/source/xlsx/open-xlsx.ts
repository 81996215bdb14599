import type { Cell, Row, RowFailure } from '../../row.ts';
import type { ReadingRange, RowChunk, RowSource, SourceFile } from '../../source.ts';
import type { UnpackBounds } from '../bytes/unpack-bounds.ts';
import { checkColumns } from '../columns.ts';
import { cellReader } from './cell-value.ts';
import { readXml } from './read-xml.ts';
import { readSharedStrings } from './shared-strings.ts';
import { SheetHandler, type SheetRow } from './sheet-rows.ts';
import { readWorkbook } from './workbook.ts';
import { openZipped } from './zip-file.ts';

export interface XlsxOptions extends UnpackBounds {
  /** Name in origins. */
  source: string;
  /** Default: the first. */
  sheet?: string | undefined;
  /** Default 16 MiB. */
  maxCellBytes?: number | undefined;
}

/** The last row of the sheet that was read. */
interface SheetPosition {
  readonly sheetRow: number;
}

/** A sheet has no more (ECMA-376, part 1, 18.3.1.73). */
const SHEET_ROWS = 1 << 20;
const CHUNK_ROWS = 1000;
/** Cells that a row does not have take memory, too. */
const CHUNK_CELLS = 500_000;

/**
 * The rows of one sheet. Its first row that is not empty names the columns; rows are counted from the one below, as the sheet counts
 * them, and empty ones are passed over. Reading from a position reads from the start and passes over.
 * @throws KittiwakeError `source_corrupt`, `source_unsafe`, `source_unsupported`, `header_invalid`
 */
export async function openXlsx(file: SourceFile, options: XlsxOptions): Promise<RowSource> {
  const document = await openZipped(file, options);
  const workbook = await readWorkbook(file.name, document, options.sheet);
  const { maxCellBytes = 16 << 20 } = options;
  async function* rows({ from, to, signal }: ReadingRange = {}): AsyncGenerator<RowChunk> {
    const { stringsFile, sheetFile } = workbook;
    const strings = await readSharedStrings(file.name, document, { file: stringsFile, maxCellBytes, signal });
    try {
      const read = cellReader({ ...workbook, strings, maxCellBytes });
      const handler = new SheetHandler(file.name, { read, maxCellBytes });
      const table = new SheetTable(file.name, options.source, { from, to });
      let unpacked = 0;
      for await (const bytes of readXml(file.name, document.read(sheetFile), handler)) {
        signal?.throwIfAborted();
        unpacked += bytes;
        const bytesRead = Math.floor((file.size * unpacked) / (document.size(sheetFile) ?? unpacked));
        yield* table.chunks(handler.take(), bytesRead);
      }
      table.end();
    } finally {
      strings.close();
    }
  }
  return { name: options.source, bytesTotal: file.size, rowBound: SHEET_ROWS, rows };
}

/** Makes rows of a table of the rows of a sheet. */
class SheetTable {
  readonly #file: string;
  readonly #source: string;
  readonly #from: number;
  readonly #to: number;
  #header: { number: number; columns: readonly string[] } | undefined;

  constructor(file: string, source: string, { from, to }: ReadingRange) {
    this.#file = file;
    this.#source = source;
    this.#from = (from as SheetPosition | undefined)?.sheetRow ?? 0;
    this.#to = (to as SheetPosition | undefined)?.sheetRow ?? Infinity;
  }

  *chunks(sheetRows: readonly SheetRow[], bytesRead: number): Generator<RowChunk> {
    for (let start = 0; start < sheetRows.length; ) {
      const taken = sheetRows.slice(start, start + this.#chunkRows);
      start += taken.length;
      const rows: Row[] = [];
      const failures: RowFailure[] = [];
      for (const sheetRow of taken) this.#add(sheetRow, { rows, failures });
      const sheetRow = taken.at(-1)?.number ?? 0;
      const isBetween = sheetRow > this.#from && (taken[0]?.number ?? 0) <= this.#to;
      if (this.#header !== undefined && isBetween) {
        yield { rows, failures, position: { sheetRow: Math.min(sheetRow, this.#to) }, bytesRead };
      }
    }
  }

  /** The header by itself, as it tells how many. */
  get #chunkRows(): number {
    const columns = this.#header?.columns.length;
    return columns === undefined ? 1 : Math.max(1, Math.min(CHUNK_ROWS, Math.floor(CHUNK_CELLS / columns)));
  }

  /** @throws KittiwakeError `header_invalid` of a sheet that is empty */
  end(): void {
    if (this.#header === undefined) checkColumns(this.#file, []);
  }

  #add(sheetRow: SheetRow, into: { rows: Row[]; failures: RowFailure[] }): void {
    const { number, cells, problem } = sheetRow;
    if (problem === undefined && cells.every(isEmpty)) return;
    if (this.#header === undefined) {
      this.#header = { number, columns: this.#columnsOf(cells) };
      return;
    }
    if (number <= this.#from || number > this.#to) return;
    const { columns } = this.#header;
    const origins = [{ source: this.#source, row: number - this.#header.number }];
    const values: Record<string, Cell> = {};
    for (const [index, column] of columns.entries()) values[column] = cells[index] ?? '';
    const wrong = problemOf(sheetRow, columns);
    if (wrong === undefined) into.rows.push({ values, origins });
    else into.failures.push({ origins, ...wrong });
  }

  #columnsOf(cells: readonly (Cell | undefined)[]): string[] {
    const last = cells.findLastIndex(cell => !isEmpty(cell));
    const columns = Array.from({ length: last + 1 }, (_, index) => String(cells[index] ?? '').trim());
    checkColumns(this.#file, columns);
    return columns;
  }
}

function isEmpty(cell: Cell | undefined): boolean {
  return cell === undefined || cell === '';
}

function problemOf({ cells, problem }: SheetRow, columns: readonly string[]) {
  if (problem !== undefined) {
    const { code, reason } = problem.problem;
    const column = columns[problem.column] ?? `number ${problem.column + 1}`;
    return { code, message: `Reading a row: its cell of column ${JSON.stringify(column)} ${reason}` };
  }
  const last = cells.findLastIndex(cell => !isEmpty(cell));
  if (last < columns.length) return undefined;
  const message = `Reading a row: it has ${last + 1} cells, the header names ${columns.length} columns`;
  return { code: 'row_columns', message };
}
