import { hashParts } from '../../core/bytes.ts';
import { isKittiwakeError } from '../../core/errors.ts';
import type { Cell, Row, RowFailure } from '../row.ts';
import { canonicalText, sortedColumns } from './content-hash.ts';
import { memoDamaged, memoMissing } from './errors.ts';
import type { MemoStore } from './memo-store.ts';
import { failureOf, type Operator, type Report, type Rows } from './operator.ts';
import { CHUNK_ROWS } from './row-cursor.ts';

/** A step that may take its time. The same row must always come to the same. */
export type SlowStep = (row: Row) => Row | undefined | Promise<Row | undefined>;

export interface MemoOptions {
  /** Shown in errors. */
  readonly name: string;
  /** Tells this step from all others and from its older versions: part of what results are kept by. */
  readonly identity: string;
  readonly step: SlowStep;
  /** `off`: nothing is kept. `log`: what is not kept is made, and kept. `replay`: what is not kept fails with `memo_missing`. */
  readonly mode: 'off' | 'log' | 'replay';
  /** Needed but for `off`. */
  readonly store?: MemoStore | undefined;
  /** Rows that are worked on at once. Default 16. */
  readonly concurrency?: number;
}

/** What a row came to, as it is kept: JSON. */
type Result =
  | { readonly values: Row['values'] }
  | { readonly left: true }
  | { readonly failed: Pick<RowFailure, 'code' | 'message'> };

/** Runs an expensive step; results are kept by the SHA-256 of the step and of the row's values, and come out in the order of the rows. */
export function memoised(options: MemoOptions): Operator {
  return {
    stream: (rows, report, signal) => streamed(rows, options, report, signal),
    async whole(rows, report) {
      const made: Row[] = [];
      for (const row of rows) {
        const one = settled(row, await resultOf(row, options), report);
        if (one !== undefined) made.push(one);
      }
      return made;
    },
  };
}

async function* streamed(
  rows: Rows,
  options: MemoOptions,
  report: Report,
  signal: AbortSignal | undefined,
): AsyncGenerator<readonly Row[]> {
  const { concurrency = 16 } = options;
  for await (const chunk of rows) {
    let made: Row[] = [];
    for (let start = 0; start < chunk.length; start += concurrency) {
      signal?.throwIfAborted();
      const group = chunk.slice(start, start + concurrency);
      const results = await Promise.all(group.map(row => resultOf(row, options)));
      for (const [index, row] of group.entries()) {
        const one = settled(row, results[index] as Result, report);
        if (one !== undefined) made.push(one);
      }
      if (made.length < CHUNK_ROWS) continue;
      yield made;
      made = [];
    }
    if (made.length > 0) yield made;
  }
}

function settled(row: Row, result: Result, report: Report): Row | undefined {
  if ('values' in result) return { values: result.values, origins: row.origins };
  if ('left' in result) report.filtered(1);
  else report.failure({ origins: row.origins, ...result.failed });
  return undefined;
}

async function resultOf(row: Row, options: MemoOptions): Promise<Result> {
  const { mode, store, name } = options;
  if (mode === 'off' || store === undefined) return (await computed(row, options)).result;
  const hash = attempt(row, () => hashOf(row, options.identity), name);
  if (typeof hash !== 'string') return hash;
  const kept = await store.get(hash);
  if (kept !== undefined) return parseResult(kept, name, hash);
  if (mode === 'replay') return { failed: reasonOf(row, memoMissing(name, row.origins), name) };
  const { result, isFinal } = await computed(row, options);
  if (isFinal) await store.put(hash, Buffer.from(JSON.stringify(result)));
  return result;
}

/** `isFinal`: the row would come to the same again. What else was thrown may have been the weather. */
async function computed(
  row: Row,
  { step, name }: MemoOptions,
): Promise<{ result: Result; isFinal: boolean }> {
  try {
    const made = await step(row);
    return { result: made === undefined ? { left: true } : { values: made.values }, isFinal: true };
  } catch (error) {
    return { result: { failed: reasonOf(row, error, name) }, isFinal: isKittiwakeError(error) };
  }
}

function hashOf({ values }: Row, identity: string): string {
  return hashParts('memo 1', identity, canonicalText(values, sortedColumns(values)));
}

function attempt<T>(row: Row, make: () => T, name: string): T | Result {
  try {
    return make();
  } catch (error) {
    return { failed: reasonOf(row, error, name) };
  }
}

function reasonOf(row: Row, error: unknown, name: string): Pick<RowFailure, 'code' | 'message'> {
  const { code, message } = failureOf(row, error, name);
  return { code, message };
}

/** @throws KittiwakeError `memo_damaged` */
function parseResult(bytes: Buffer, name: string, hash: string): Result {
  try {
    const result: Result & Record<string, Cell> = JSON.parse(bytes.toString());
    if ('values' in result || 'left' in result || 'failed' in result) return result;
  } catch {
    // Said below.
  }
  throw memoDamaged(name, hash);
}
