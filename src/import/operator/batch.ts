import type { Cell, Row } from '../row.ts';
import { batchTooLarge } from './errors.ts';
import { rowBytes } from './held-rows.ts';
import type { Operator, Report, Rows } from './operator.ts';
import { uniteAllOrigins } from './origins.ts';

export interface BatchOptions {
  /** Rows that become one. */
  readonly size: number;
  /** Column of the list of their values. */
  readonly as: string;
  /** Whether the last one may have fewer; else its rows are left out. */
  readonly partial: boolean;
}

/** What the rows of one may take of the memory, as {@link rowBytes} estimates. */
const MAX_BYTES = 128 * 1024 * 1024;

/**
 * Makes one row of so many in turn: its one column is the list of their values, its origins are those of all. Refuses with
 * `batch_too_large` what would be held in memory.
 */
export function batch(options: BatchOptions): Operator {
  return {
    stream: (rows, report, signal) => batched(rows, options, report, signal),
    async whole(rows, report) {
      const made: Row[] = [];
      for (let start = 0; start < rows.length; start += options.size) {
        const group = rows.slice(start, start + options.size);
        checkBytes(
          group.reduce((sum, row) => sum + rowBytes(row), 0),
          options,
        );
        if (group.length === options.size || options.partial) made.push(together(group, options));
        else report.filtered(group.length);
      }
      return made;
    },
  };
}

async function* batched(
  rows: Rows,
  options: BatchOptions,
  report: Report,
  signal: AbortSignal | undefined,
): AsyncGenerator<readonly Row[]> {
  let group: Row[] = [];
  let bytes = 0;
  for await (const chunk of rows) {
    signal?.throwIfAborted();
    const made: Row[] = [];
    for (const row of chunk) {
      group.push(row);
      bytes += rowBytes(row);
      checkBytes(bytes, options);
      if (group.length < options.size) continue;
      made.push(together(group, options));
      group = [];
      bytes = 0;
    }
    if (made.length > 0) yield made;
  }
  if (group.length === 0) return;
  if (options.partial) yield [together(group, options)];
  else report.filtered(group.length);
}

/** @throws KittiwakeError `batch_too_large` */
function checkBytes(bytes: number, { size }: BatchOptions): void {
  if (bytes > MAX_BYTES) throw batchTooLarge(size, MAX_BYTES);
}

function together(group: readonly Row[], { as }: BatchOptions): Row {
  const list: readonly Cell[] = group.map(({ values }) => values);
  return { values: { [as]: list }, origins: uniteAllOrigins(group.map(({ origins }) => origins)) };
}
