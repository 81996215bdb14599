import type { FunctionError } from './function-error.ts';

/** What came of the invocation with a batch. */
export interface BatchOutcome {
  error: FunctionError | undefined;
  payload: Buffer;
}

/**
 * The messages of a batch that failed, by id: all of them when the function failed, or answered something that is no list of ids of
 * this batch. Without partial answers the payload says nothing.
 * https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html#services-sqs-batchfailurereporting
 */
export function failedIds(
  ids: readonly string[],
  { error, payload }: BatchOutcome,
  reportsItemFailures: boolean,
): ReadonlySet<string> {
  if (error !== undefined) return new Set(ids);
  if (!reportsItemFailures) return new Set();
  const failures = JSON.parse(payload.toString())?.batchItemFailures ?? [];
  if (!Array.isArray(failures)) return new Set(ids);
  const told = failures.map(failure => failure?.itemIdentifier);
  return new Set(told.every(id => ids.includes(id)) ? told : ids);
}
