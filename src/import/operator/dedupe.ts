import { hash } from 'node:crypto';
import type { Row } from '../row.ts';
import type { Values } from './columns.ts';
import { canonicalText, sortedColumns } from './content-hash.ts';
import { dedupeTooLarge } from './errors.ts';
import { HashSet } from './hash-set.ts';
import { failureOf, type Operator, type Report, type Rows } from './operator.ts';

export interface DedupeOptions {
  /** Undefined: rows are the same when all their columns are. */
  readonly by?: readonly string[];
  /** Different rows at most; each takes 16 to 43 bytes. */
  readonly limit: number;
}

/** Keeps the first of the rows that are the same. */
export function dedupe(options: DedupeOptions): Operator {
  const columnsOf = options.by === undefined ? sortedColumnsOf() : () => options.by as readonly string[];
  const textOf = (values: Values) => canonicalText(values, columnsOf(values));
  return {
    stream: (rows, report, signal) => streamed(rows, options.limit, textOf, report, signal),
    async whole(rows, report) {
      const seen = new Set<string>();
      return rows.filter(row => {
        const text = attempt(row, textOf, report);
        if (text === undefined) return false;
        if (seen.has(text)) report.filtered(1);
        else if (seen.size >= options.limit) throw dedupeTooLarge(options.limit);
        const isNew = !seen.has(text);
        seen.add(text);
        return isNew;
      });
    },
  };
}

/** Rows mostly have the columns of the row before. */
function sortedColumnsOf(): (values: Values) => readonly string[] {
  let [names, sorted]: [string, readonly string[]] = ['', []];
  return values => {
    const own = Object.keys(values).join('\0');
    if (own !== names) [names, sorted] = [own, sortedColumns(values)];
    return sorted;
  };
}

async function* streamed(
  rows: Rows,
  limit: number,
  textOf: (values: Values) => string,
  report: Report,
  signal: AbortSignal | undefined,
): AsyncGenerator<readonly Row[]> {
  const seen = new HashSet();
  for await (const chunk of rows) {
    signal?.throwIfAborted();
    const kept: Row[] = [];
    for (const row of chunk) {
      const text = attempt(row, textOf, report);
      if (text === undefined) continue;
      if (!seen.add(hash('sha256', text, 'buffer'))) report.filtered(1);
      else if (seen.size > limit) throw dedupeTooLarge(limit);
      else kept.push(row);
    }
    if (kept.length > 0) yield kept;
  }
}

function attempt(row: Row, textOf: (values: Values) => string, report: Report): string | undefined {
  try {
    return textOf(row.values);
  } catch (error) {
    report.failure(failureOf(row, error, 'dedupe'));
    return undefined;
  }
}
