import type { Row } from '../row.ts';
import { type Operator, type Report, type RowStep, type Rows, runSteps } from './operator.ts';

/** Steps that need one row only as an operator between others. */
export function rowWise(steps: readonly RowStep[], names: readonly string[]): Operator {
  const work = (rows: readonly Row[], report: Report) => {
    const made: Row[] = [];
    for (const row of rows) {
      const one = runSteps(steps, names, row, report);
      if (one !== undefined) made.push(one);
    }
    return made;
  };
  return {
    stream: (rows, report, signal) => streamed(rows, chunk => work(chunk, report), signal),
    whole: async (rows, report) => work(rows, report),
  };
}

async function* streamed(
  rows: Rows,
  work: (rows: readonly Row[]) => readonly Row[],
  signal: AbortSignal | undefined,
): AsyncGenerator<readonly Row[]> {
  for await (const chunk of rows) {
    signal?.throwIfAborted();
    const made = work(chunk);
    if (made.length > 0) yield made;
  }
}
