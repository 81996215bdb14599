import { writeFileSync } from 'node:fs';
import { loadavg } from 'node:os';
import { describeMachine, type Machine, machineLine } from './machine.ts';
import type { BenchOptions } from './options.ts';

export type Cell = string | number | undefined;
export type Row = Readonly<Record<string, Cell>>;

/** How a column is headed, and how its numbers are written. */
export interface Column {
  key: string;
  head: string;
  /**
   * `ms` has three digits, `ratio` two and a cross, `count` thousands apart, `kB` is of 1,000 bytes, `mean`
   * has two digits. Default: as it is.
   */
  as?: 'ms' | 'ns' | 'ratio' | 'count' | 'kB' | 'rate' | 'mean';
}

interface Table {
  title: string;
  columns: readonly Column[];
  rows: Row[];
}

/** The tables of one benchmark: printed as they come, written as JSON at the end. */
export class Report {
  readonly #name: string;
  readonly #options: BenchOptions;
  readonly #machine: Machine;
  readonly #tables: Table[] = [];
  readonly #notes: string[] = [];

  constructor(name: string, options: BenchOptions) {
    this.#name = name;
    this.#options = options;
    this.#machine = describeMachine(options.folder);
    console.log(`bench:${name}${options.quick ? ' --quick' : ''}`);
    console.log(machineLine(this.#machine));
  }

  table(title: string, columns: readonly Column[], rows: readonly Row[]): void {
    this.#tables.push({ title, columns, rows: [...rows] });
    console.log(`\n${title}\n\n${formatTable(columns, rows)}`);
  }

  /** What a reader must know to read the tables right. */
  note(text: string): void {
    this.#notes.push(text);
    console.log(`\n${text}`);
  }

  /** What goes on, for those who wait. */
  progress(text: string): void {
    process.stderr.write(`  ${text}\n`);
  }

  finish(): void {
    const { quick, pages, rounds, seconds, json } = this.#options;
    const loadAfter = loadavg()[0] ?? 0;
    console.log(`\nload at the end ${loadAfter.toFixed(2)}`);
    if (json === undefined) return;
    const tables = this.#tables.map(({ title, rows }) => ({ title, rows }));
    const machine = { ...this.#machine, loadAfter };
    const options = { quick, pages, rounds, seconds };
    const whole = { name: this.#name, machine, options, tables, notes: this.#notes };
    writeFileSync(json, `${JSON.stringify(whole, null, 2)}\n`);
  }
}

export function formatTable(columns: readonly Column[], rows: readonly Row[]): string {
  const cells = [
    columns.map(column => column.head),
    columns.map(() => ''),
    ...rows.map(row => columns.map(column => formatCell(row[column.key], column))),
  ];
  const widths = columns.map((_, index) => Math.max(...cells.map(line => line[index]?.length ?? 0)));
  const right = columns.map(({ key }) => rows.some(row => typeof row[key] === 'number'));
  const lines = cells.map((line, row) =>
    line.map((text, index) => {
      const width = widths[index] ?? 0;
      if (row === 1) return right[index] ? `${'-'.repeat(Math.max(1, width - 1))}:` : '-'.repeat(width);
      return right[index] ? text.padStart(width) : text.padEnd(width);
    }),
  );
  return lines.map(line => `| ${line.join(' | ')} |`).join('\n');
}

function formatCell(value: Cell, { as }: Column): string {
  if (value === undefined) return '';
  if (typeof value === 'string') return value;
  switch (as) {
    case 'ms':
      return value.toFixed(value < 100 ? 3 : 0);
    case 'ns':
      return value.toFixed(0);
    case 'ratio':
      return `${value.toFixed(2)}x`;
    case 'mean':
      return value.toFixed(2);
    case 'kB':
      return (value / 1000).toFixed(1);
    case 'count':
    case 'rate':
      return Math.round(value).toLocaleString('en');
    default:
      return String(value);
  }
}
