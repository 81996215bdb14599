import { inTurn } from '../operator/join.ts';
import {
  failureOf,
  type Operator,
  type Report,
  type RowStep,
  type Rows,
  runSteps,
} from '../operator/operator.ts';
import { rowWise } from '../operator/row-wise.ts';
import type { PageItem } from '../page-item.ts';
import type { Row } from '../row.ts';
import { compileOperator, compileRowStep } from './compile-step.ts';
import { compilePage, type MakePage } from './page-sink.ts';
import type { PipelineSpec } from './pipeline.ts';
import type { PipelineResources } from './resources.ts';
import type { PipelineOutput, RowPipeline } from './row-pipeline.ts';

/**
 * Makes a checked pipeline ready to run; in a worker thread from {@link RowPipeline.spec}.
 * @param resources for pipelines that are not row-wise
 * @throws KittiwakeError `pipeline_source_unavailable`
 */
export function compilePipeline(spec: PipelineSpec, resources: PipelineResources = {}): RowPipeline {
  const { steps, sources } = spec.pipeline;
  const page = compilePage(spec.pipeline.page, spec.naming);
  const parts: PipelinePart[] = steps.map(step => {
    const run = step.cache === 'off' ? compileRowStep(step) : undefined;
    return run === undefined ? compileOperator(step, sources, resources) : { name: step.kind, run };
  });
  return assemble(parts, page, spec);
}

/** An operator, or a step that needs one row only. */
export type PipelinePart = Operator | { readonly name: string; readonly run: RowStep };

/** @param spec undefined: it cannot be made anew in another thread */
export function assemble(
  parts: readonly PipelinePart[],
  page: MakePage,
  spec: PipelineSpec | undefined,
): RowPipeline {
  const steps = parts.filter(part => 'run' in part);
  const operator = inTurn(grouped(parts));
  const pipeline: RowPipeline = {
    spec,
    isRowWise: steps.length === parts.length,
    stream: (rows, into, signal) => items(operator.stream(rows, into, signal), page, into),
  };
  if (!pipeline.isRowWise) return pipeline;
  const [runs, names] = [steps.map(({ run }) => run), steps.map(({ name }) => name)];
  return { ...pipeline, each: (row, into) => makeEach(row, runs, names, page, into) };
}

function makeEach(
  row: Row,
  runs: readonly RowStep[],
  names: readonly string[],
  page: MakePage,
  into: PipelineOutput,
): void {
  const made = runSteps(runs, names, row, into);
  const item = made && makeItem(made, page, into);
  if (item !== undefined) into.item(item);
}

/** Steps that follow each other as one operator. */
function grouped(parts: readonly PipelinePart[]): readonly Operator[] {
  const operators: Operator[] = [];
  let open: { name: string; run: RowStep }[] = [];
  const close = () => {
    if (open.length > 0)
      operators.push(
        rowWise(
          open.map(({ run }) => run),
          open.map(({ name }) => name),
        ),
      );
    open = [];
  };
  for (const part of parts) {
    if ('run' in part) open.push(part);
    else {
      close();
      operators.push(part);
    }
  }
  close();
  return operators;
}

async function* items(rows: Rows, page: MakePage, report: Report): AsyncGenerator<readonly PageItem[]> {
  for await (const chunk of rows) {
    const made: PageItem[] = [];
    for (const row of chunk) {
      const item = makeItem(row, page, report);
      if (item !== undefined) made.push(item);
    }
    if (made.length > 0) yield made;
  }
}

function makeItem(row: Row, page: MakePage, report: Report): PageItem | undefined {
  try {
    return page(row);
  } catch (error) {
    report.failure(failureOf(row, error, 'page'));
    return undefined;
  }
}
