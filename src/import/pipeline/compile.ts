import { failureOf, type Report, type RowStep, type Rows, runSteps } from '../operator/operator.ts';
import { drop, filter, map, rename, select } from '../operator/row-steps.ts';
import { rowWise } from '../operator/row-wise.ts';
import type { PageItem } from '../page-item.ts';
import type { Row } from '../row.ts';
import { compilePage, type MakePage } from './page-sink.ts';
import type { Constant, PipelineSpec, Step } from './pipeline.ts';
import type { RowPipeline } from './row-pipeline.ts';
import { compileExpression } from './text/expression.ts';
import { compileTemplate } from './text/template.ts';

/** Makes a checked pipeline ready to run; in a worker thread from {@link RowPipeline.spec}. */
export function compilePipeline(spec: PipelineSpec): RowPipeline {
  const steps = spec.pipeline.steps.map(compileStep);
  const names = spec.pipeline.steps.map(step => step.kind);
  const page = compilePage(spec.pipeline.page, spec.naming);
  const operator = rowWise(steps, names);
  return {
    spec,
    isRowWise: true,
    each(row, into) {
      const made = runSteps(steps, names, row, into);
      const item = made && makeItem(made, page, into);
      if (item !== undefined) into.item(item);
    },
    stream: (rows, into, signal) => items(operator.stream(rows, into, signal), page, into),
  };
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

function compileStep(step: Step): RowStep {
  switch (step.kind) {
    case 'select':
      return select(step.columns);
    case 'drop':
      return drop(step.columns);
    case 'rename':
      return rename(new Map(Object.entries(step.names)));
    case 'filter':
      return filter(compileExpression(step.expression).passes);
    case 'map':
      return map(new Map(Object.entries(step.columns).map(([name, value]) => [name, cellOf(value)])));
    default:
      throw new TypeError(`Cannot run the step "${step.kind}" on one row`);
  }
}

function cellOf(value: Constant) {
  return typeof value === 'string' ? compileTemplate(value).cell : () => value;
}
