import type { Cell } from '../../row.ts';
import { closingQuote, NEAR } from './cut-csv.ts';

export interface CsvReaderOptions {
  readonly columns: readonly string[];
  readonly delimiter: string;
  readonly isStrict: boolean;
  readonly maxCellBytes: number;
}

const LF = 10;
const CR = 13;
const QUOTE = 34;

const STRAY = {
  code: 'csv_quote_stray',
  message:
    'Reading a row: a cell in quotes goes on behind its closing quote; write quotes inside a cell twice, and look for an unbalanced one here and in the row above',
};

const UNCLOSED = {
  code: 'csv_quote_unclosed',
  message: 'Reading a row: a quote that begins in it is never closed',
};

/** Reads the cells of whole records, by jumps from one delimiter, line end or quote to the next. */
export class CsvReader {
  readonly #text: string;
  readonly #columns: readonly string[];
  readonly #delimiter: string;
  readonly #delimiterCode: number;
  readonly #isStrict: boolean;
  readonly #maxCellBytes: number;
  #at = 0;
  /** The next delimiter, line feed and carriage return: each place is looked for once. */
  #nextDelimiter = -1;
  #nextLf = -1;
  #nextCr = -1;
  #problem: { code: string; message: string } | undefined;

  constructor(text: string, options: CsvReaderOptions) {
    this.#text = text;
    this.#columns = options.columns;
    this.#delimiter = options.delimiter;
    this.#delimiterCode = options.delimiter.charCodeAt(0);
    this.#isStrict = options.isStrict;
    this.#maxCellBytes = options.maxCellBytes;
  }

  get isAtEnd(): boolean {
    return this.#at >= this.#text.length;
  }

  /** Where the next record begins. */
  get at(): number {
    return Math.min(this.#at, this.#text.length);
  }

  /** What is wrong with the last record. */
  get problem(): { code: string; message: string } | undefined {
    return this.#problem;
  }

  /**
   * Puts the cells of the next record under the names of their columns. How many it has: 0 where it is a blank line; those behind
   * the last column count where the reader is strict or they hold something.
   */
  record(values: Record<string, Cell>): number {
    const start = this.#at;
    let counted = 0;
    this.#problem = undefined;
    for (let index = 0; ; index++) {
      const cell = this.#text.charCodeAt(this.#at) === QUOTE ? this.#quoted() : this.#plain();
      const hasMore = this.#text.charCodeAt(this.#at) === this.#delimiterCode;
      if (!hasMore && this.#at === start) break;
      const column = this.#columns[index];
      if (column !== undefined) values[column] = this.#bounded(cell, column);
      if (column !== undefined || this.#isStrict || cell !== '') counted = index + 1;
      if (!hasMore) break;
      this.#at += 1;
    }
    this.#passLineEnd();
    return counted;
  }

  #plain(): string {
    const start = this.#at;
    const near = Math.min(this.#text.length, start + NEAR);
    for (let at = start; at < near; at++) {
      const code = this.#text.charCodeAt(at);
      if (code !== this.#delimiterCode && code !== LF && code !== CR) continue;
      this.#at = at;
      return this.#text.slice(start, at);
    }
    if (this.#nextDelimiter < start) this.#nextDelimiter = this.#next(this.#delimiter);
    if (this.#nextLf < start) this.#nextLf = this.#next('\n');
    if (this.#nextCr < start) this.#nextCr = this.#next('\r');
    this.#at = Math.min(this.#nextDelimiter, this.#nextLf, this.#nextCr);
    return this.#text.slice(start, this.#at);
  }

  #next(character: string): number {
    const at = this.#text.indexOf(character, this.#at);
    return at === -1 ? this.#text.length : at;
  }

  #quoted(): string {
    const open = this.#at;
    const close = closingQuote(this.#text, open);
    if (close === -1) {
      this.#problem = UNCLOSED;
      this.#at = this.#text.length;
      return '';
    }
    const cell = this.#text.slice(open + 1, close);
    this.#at = close + 1;
    const after = this.#text.charCodeAt(this.#at);
    if (after !== this.#delimiterCode && after !== LF && after !== CR && !this.isAtEnd) {
      this.#problem = STRAY;
      this.#plain();
    }
    // Joining makes one string; what replace and replaceAll make is a tree of forty times the size where quotes are many.
    return cell.includes('"') ? cell.split('""').join('"') : cell;
  }

  #bounded(cell: string, column: string): string {
    const maxBytes = this.#maxCellBytes;
    // No character of a string takes more than three bytes.
    if (cell.length * 3 <= maxBytes || Buffer.byteLength(cell) <= maxBytes) return cell;
    const message = `Reading a row: its cell of column ${JSON.stringify(column)} has more than ${maxBytes} bytes, which is the limit`;
    this.#problem = { code: 'cell_too_large', message };
    return '';
  }

  #passLineEnd(): void {
    const text = this.#text;
    if (text.charCodeAt(this.#at) === CR) this.#at += text.charCodeAt(this.#at + 1) === LF ? 2 : 1;
    else this.#at += 1;
  }
}
