import { KittiwakeError } from '../../core/errors.ts';
import { nearest } from '../../core/nearest.ts';
import type { Origins } from '../row.ts';

/** What operators refuse: single rows, which are then failures of the import, and whole inputs. Messages name columns, never cells. */

export function columnMissing(column: string, known: readonly string[]): KittiwakeError {
  const near = nearColumn(column, known);
  const hint =
    near === undefined
      ? 'give it another value with "default" where it may be absent'
      : `did you mean "${near}"?`;
  return new KittiwakeError('column_missing', `Reading a row: it has no column "${column}", ${hint}`);
}

/** Long names, and very many, are not compared: every row that fails would take its time. */
const COMPARED = 100;

/** The column that may be meant. */
export function nearColumn(column: string, known: readonly string[]): string | undefined {
  const alike = known.filter(name => Math.abs(name.length - column.length) <= 2);
  return column.length > COMPARED ? undefined : nearest(column, alike.slice(0, COMPARED));
}

export function columnTaken(column: string, wayOut: string): KittiwakeError {
  return new KittiwakeError(
    'column_taken',
    `Naming a column: the row has two that would be "${column}", ${wayOut}`,
  );
}

export function columnsDiffer(missing: readonly string[], extra: readonly string[]): KittiwakeError {
  const parts = [...missing.map(name => `lacks "${name}"`), ...extra.map(name => `also has "${name}"`)];
  return new KittiwakeError(
    'columns_differ',
    `Joining strictly: the row ${parts.slice(0, 5).join(', ')}, unlike the first row of its input`,
  );
}

/** @param wanted reads on from "it must be" */
export function cellInvalid(what: string, wanted: string): KittiwakeError {
  return new KittiwakeError('cell_invalid', `Reading ${what}: it must be ${wanted}`);
}

export function textTooLarge(maxLength: number): KittiwakeError {
  return new KittiwakeError(
    'text_too_large',
    `Filling in a template: its text is longer than ${maxLength} characters`,
  );
}

/** Names what a function of the caller threw, not what it said: that may hold the row. */
export function stepThrew(step: string, cause: unknown): KittiwakeError {
  const kind = cause instanceof Error ? cause.name : typeof cause;
  return new KittiwakeError('step_failed', `Running "${step}" on a row: it threw ${kind}`, { cause });
}

export function joinSideTooLarge(
  operator: string,
  side: string,
  bound: { count: number; unit: 'rows' | 'bytes' },
  wayOut: string,
): KittiwakeError {
  return new KittiwakeError(
    'join_side_too_large',
    `Running ${operator}: ${side} has more than ${bound.count} ${bound.unit} to be held in memory; ${wayOut}`,
    { data: { limit: bound.count } },
  );
}

export function joinUnsorted(side: string, origins: Origins): KittiwakeError {
  const at = origins.map(({ source, row }) => `row ${row} of "${source}"`).join(', ');
  return new KittiwakeError(
    'join_unsorted',
    `Running merge-join: ${side} is not sorted by the key, ${at} comes before the row in front of it; sort it by code points, as "LC_ALL=C sort" does, or use join`,
    { data: { origins } },
  );
}

export function dedupeTooLarge(limit: number): KittiwakeError {
  return new KittiwakeError(
    'dedupe_too_large',
    `Running dedupe: there are more than ${limit} different rows; raise its limit, or deduplicate the source with "sort -u"`,
    { data: { limit } },
  );
}

export function batchTooLarge(size: number, maxBytes: number): KittiwakeError {
  return new KittiwakeError(
    'batch_too_large',
    `Running batch: ${size} rows have more than ${maxBytes} bytes to be held in memory; make batches of fewer, or drop columns before`,
    { data: { limit: maxBytes } },
  );
}

export function memoMissing(step: string, origins: Origins): KittiwakeError {
  const at = origins.map(({ source, row }) => `row ${row} of "${source}"`).join(', ');
  return new KittiwakeError(
    'memo_missing',
    `Replaying "${step}": no result is kept for ${at}; run it once with cache: log`,
    { data: { origins } },
  );
}

export function memoDamaged(step: string, key: string): KittiwakeError {
  return new KittiwakeError('memo_damaged', `Replaying "${step}": its result "${key}" cannot be read`, {
    data: { key },
  });
}

export function memoUnkept(key: string, cause: unknown): KittiwakeError {
  return new KittiwakeError('memo_unkept', `Keeping the result "${key}": it is not known to be stored`, {
    cause,
    data: { key },
  });
}
