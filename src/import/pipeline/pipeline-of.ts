import type { Values } from '../operator/columns.ts';
import { type MemoOptions, memoised } from '../operator/memoised.ts';
import type { Operator } from '../operator/operator.ts';
import { assemble, type PipelinePart } from './compile.ts';
import { DEFAULT_PIPELINE } from './default-pipeline.ts';
import { compilePage } from './page-sink.ts';
import type { PageChoice, PageNaming } from './pipeline.ts';
import type { RowPipeline } from './row-pipeline.ts';

export interface PipelineOfOptions {
  /** How rows become files. Default: from columns `path`, `content` and `title`. */
  readonly page?: Partial<PageChoice>;
  /** Default: lower-case names, below the root. */
  readonly naming?: Partial<PageNaming>;
}

/**
 * A pipeline from code: steps of {@link mapRows}, {@link filterRows} and {@link slowRows}, and the operators of `import/operator`. It
 * runs in the thread that made it, since functions cannot be given to another.
 */
export function pipelineOf(parts: readonly PipelinePart[], options: PipelineOfOptions = {}): RowPipeline {
  const page = { ...DEFAULT_PIPELINE.page, ...options.page };
  const naming = { retainPageNameCase: false, into: '', ...options.naming };
  return assemble(parts, compilePage(page, naming), undefined);
}

/**
 * Makes other values of a row's. The origins stay. What `make` throws is the failure of that row: the code and message of a
 * KittiwakeError, else `step_failed`.
 * @param make undefined: the row is left out
 */
export function mapRows(name: string, make: (values: Values) => Values | undefined): PipelinePart {
  return {
    name,
    run: ({ values, origins }) => {
      const made = make(values);
      return made === undefined ? undefined : { values: made, origins };
    },
  };
}

/** Keeps the rows that pass. */
export function filterRows(name: string, passes: (values: Values) => boolean): PipelinePart {
  return { name, run: row => (passes(row.values) ? row : undefined) };
}

/**
 * The same as {@link mapRows} for what takes its time: some rows at once, and with `mode` their results kept or replayed.
 * @param make must come to the same for the same values, whenever it is asked
 */
export function slowRows(
  options: Omit<MemoOptions, 'step'>,
  make: (values: Values) => Values | undefined | Promise<Values | undefined>,
): Operator {
  return memoised({
    ...options,
    step: async ({ values, origins }) => {
      const made = await make(values);
      return made === undefined ? undefined : { values: made, origins };
    },
  });
}
