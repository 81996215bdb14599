import type { Cell, Row } from '../row.ts';
import { isFile, isList } from './columns.ts';
import { joinSideTooLarge } from './errors.ts';

/** What one side of a join may take of the memory. */
export interface HeldBound {
  readonly maxRows: number;
  /** By {@link rowBytes}; of a join of both sides together. */
  readonly maxBytes: number;
}

/** Counts what is held in memory, and refuses more. */
export class HeldRows {
  readonly #bound: HeldBound;
  readonly #refuse: (bound: { count: number; unit: 'rows' | 'bytes' }) => Error;
  #rows = 0;
  #bytes = 0;

  constructor(bound: HeldBound, operator: string, side: string, wayOut: string) {
    this.#bound = bound;
    this.#refuse = reached => joinSideTooLarge(operator, side, reached, wayOut);
  }

  /** @throws KittiwakeError `join_side_too_large` */
  add(bytes: number): void {
    this.#rows += 1;
    this.#bytes += bytes;
    const { maxRows, maxBytes } = this.#bound;
    if (this.#rows > maxRows) throw this.#refuse({ count: maxRows, unit: 'rows' });
    if (this.#bytes > maxBytes) throw this.#refuse({ count: maxBytes, unit: 'bytes' });
  }

  reset(): void {
    this.#rows = 0;
    this.#bytes = 0;
  }
}

/** About what a row takes of the memory, in bytes: generously, as it is with the tables around it. */
export function rowBytes({ values, origins }: Row): number {
  let bytes = 200 + 64 * origins.length;
  for (const name of Object.keys(values)) bytes += 16 + cellBytes(values[name] as Cell);
  return bytes;
}

/**
 * The same row to be kept. Texts that were cut out of a larger one keep all of that in memory, so they are copied.
 */
export function keptRow(row: Row): Row {
  const values: Record<string, Cell> = {};
  for (const name of Object.keys(row.values)) values[name] = keptCell(row.values[name] as Cell);
  return { values, origins: row.origins };
}

/** Shorter texts are never cut out of others. */
const SHORT = 13;

/** A copy of a text that stands for itself in memory. */
export function keptText(text: string): string {
  if (text.length < SHORT) return text;
  return text.isWellFormed()
    ? Buffer.from(text).toString()
    : Buffer.from(text, 'utf16le').toString('utf16le');
}

function keptCell(cell: Cell): Cell {
  if (typeof cell === 'string') return keptText(cell);
  if (typeof cell !== 'object' || cell === null || isFile(cell)) return cell;
  if (isList(cell)) return cell.map(keptCell);
  return Object.fromEntries(Object.entries(cell).map(([name, value]) => [name, keptCell(value)]));
}

function cellBytes(cell: Cell): number {
  if (typeof cell === 'string')
    return 24 + (Buffer.byteLength(cell) === cell.length ? cell.length : 2 * cell.length);
  if (typeof cell !== 'object' || cell === null) return 16;
  if (isFile(cell)) return 256;
  return Object.values(cell).reduce((sum: number, item) => sum + 32 + cellBytes(item), 48);
}
