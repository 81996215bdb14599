import fc from 'fast-check';
import type { OtherSide } from '../../../src/import/operator/join.ts';
import type { Operator, Report, Rows } from '../../../src/import/operator/operator.ts';
import { gatherRows } from '../../../src/import/operator/row-cursor.ts';
import type { Cell, Row, RowFailure } from '../../../src/import/row.ts';

export interface Told extends Report {
  readonly failures: RowFailure[];
  count: number;
}

export function told(): Told {
  const report: Told = {
    failures: [],
    count: 0,
    failure: failure => report.failures.push(failure),
    filtered: count => {
      report.count += count;
    },
  };
  return report;
}

/** Rows of a source, numbered from 1. */
export function rowsOf(source: string, values: readonly Record<string, Cell>[]): Row[] {
  return values.map((one, index) => ({ values: one, origins: [{ source, row: index + 1 }] }));
}

/** The rows in arrays of these sizes, over and over; 0 is an empty array. */
export async function* cut(rows: readonly Row[], sizes: readonly number[]): AsyncGenerator<readonly Row[]> {
  for (let at = 0, turn = 0; at < rows.length; turn += 1) {
    const size = sizes[turn % sizes.length] ?? 1;
    if (size === 0) yield [];
    // Not for ever: each turn comes to something.
    const end = at + Math.max(1, size);
    yield rows.slice(at, end);
    at = end;
  }
}

export function other(name: string, rows: readonly Row[], sizes: readonly number[] = [3]): OtherSide {
  return { name, open: () => cut(rows, sizes) };
}

export const sizes = fc.array(fc.integer({ min: 0, max: 7 }), { minLength: 1, maxLength: 4 });

/** Cells that are easily the same, of all kinds that tables and JSON have. */
export const cell: fc.Arbitrary<Cell> = fc.oneof(
  { weight: 5, arbitrary: fc.constantFrom<Cell>('a', 'b', 'B', 'c', '1', 1, '') },
  {
    weight: 1,
    arbitrary: fc.constantFrom<Cell>(null, true, 2.5, 'ä', '\u{1f41f}', '\ufffd', ['a'], { a: 1 }),
  },
);

/** Rows with some of the columns. */
export const table = fc.array(
  fc.record({ k: cell, l: cell, a: cell, b: cell }, { requiredKeys: ['k'] }) as fc.Arbitrary<
    Record<string, Cell>
  >,
  { maxLength: 24 },
);

/** What both forms come to, with what they told. Failures in the order of their origins: the forms find them at different times. */
export async function bothForms(
  make: (otherSizes: readonly number[]) => Operator,
  rows: readonly Row[],
  sizes: readonly number[],
): Promise<{ streamed: unknown; whole: unknown }> {
  const run = async (work: (report: Told) => Promise<readonly Row[]>) => {
    const report = told();
    const outcome = await work(report).catch((error: unknown) => String((error as { code?: string }).code));
    // What was told before a refusal does not matter, nor which of two reasons for it was found first.
    if (typeof outcome === 'string') return { refused: outcome };
    return {
      outcome,
      filtered: report.count,
      failures: report.failures.map(one => JSON.stringify(one)).sort(),
    };
  };
  return {
    streamed: await run(report => gatherRows(make(sizes).stream(cut(rows, sizes), report))),
    whole: await run(report => make([5]).whole(rows, report)),
  };
}

/** Counts how many rows are read of a stream, and whether it was let go of. */
export function watched(rows: Rows): { rows: Rows; read: () => number; isClosed: () => boolean } {
  let [read, closed] = [0, false];
  async function* watching(): AsyncGenerator<readonly Row[]> {
    try {
      for await (const chunk of rows) {
        read += chunk.length;
        yield chunk;
      }
    } finally {
      closed = true;
    }
  }
  return { rows: watching(), read: () => read, isClosed: () => closed };
}
