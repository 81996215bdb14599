import { isKittiwakeError } from '../../core/errors.ts';
import type { Row, RowFailure } from '../row.ts';
import { stepThrew } from './errors.ts';

/** What an operator says about rows that it does not hand on. */
export interface Report {
  failure(failure: RowFailure): void;
  /** Rows that were left out on purpose. */
  filtered(count: number): void;
}

/** Rows between operators: some at once for speed, each worked on for itself. */
export type Rows = AsyncIterable<readonly Row[]>;

/**
 * Works on each row for itself.
 * @returns undefined: the row is left out
 * @throws KittiwakeError that becomes the failure of this row
 */
export type RowStep = (row: Row) => Row | undefined;

/**
 * An operator that needs to see more than one row. Its two forms agree: the same rows in the same order, however the stream cuts them,
 * and the same reports.
 */
export interface Operator {
  /** Holds no more than one array of its input and what it has to remember; reads on when it is asked for more. */
  stream(rows: Rows, report: Report, signal?: AbortSignal): Rows;
  /** From all rows at once: plain and slow, what {@link Operator.stream} is held against. */
  whole(rows: readonly Row[], report: Report): Promise<readonly Row[]>;
}

/** Runs steps on a row. Undefined: it was left out or failed, and `report` was told. */
export function runSteps(
  steps: readonly RowStep[],
  names: readonly string[],
  row: Row,
  report: Report,
): Row | undefined {
  let current: Row | undefined = row;
  let at = 0;
  try {
    for (; at < steps.length; at += 1) {
      current = (steps[at] as RowStep)(current as Row);
      if (current !== undefined) continue;
      report.filtered(1);
      return undefined;
    }
    return current;
  } catch (error) {
    report.failure(failureOf(row, error, names[at] ?? ''));
    return undefined;
  }
}

/** The failure that an error in working on a row comes to. Never holds what a cell holds. */
export function failureOf(row: Pick<Row, 'origins'>, error: unknown, step: string): RowFailure {
  const known = isKittiwakeError(error) ? error : stepThrew(step, error);
  return { origins: row.origins, code: known.code, message: known.message };
}
