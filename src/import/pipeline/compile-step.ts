import { batch } from '../operator/batch.ts';
import { dedupe } from '../operator/dedupe.ts';
import { inTurn } from '../operator/join.ts';
import { memoised } from '../operator/memoised.ts';
import { mergeJoin } from '../operator/merge-join.ts';
import type { Operator, RowStep } from '../operator/operator.ts';
import { drop, filter, map, rename, select } from '../operator/row-steps.ts';
import { semiJoin } from '../operator/semi-join.ts';
import { symmetricJoin } from '../operator/symmetric-join.ts';
import { sourceUnavailable } from './errors.ts';
import type { Constant, JoinStep, OtherSource, SemiJoinStep, Step } from './pipeline.ts';
import { otherSide, type PipelineResources } from './resources.ts';
import { compileExpression } from './text/expression.ts';
import { compileTemplate } from './text/template.ts';

/** A step that works on each row for itself; undefined for the others, which {@link compileOperator} makes. */
export function compileRowStep(step: Step): RowStep | undefined {
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
      return undefined;
  }
}

/** A step that needs more than one row, or its results kept. */
export function compileOperator(
  step: Step,
  sources: Readonly<Record<string, OtherSource>>,
  resources: PipelineResources,
): Operator {
  const other = (name: string, columns: readonly string[] | undefined) =>
    otherSide(name, sources[name] as OtherSource, columns, resources);
  switch (step.kind) {
    case 'batch':
      return batch(step);
    case 'dedupe':
      return dedupe(step);
    case 'semi-join':
      return compileSemiJoin(step, other);
    case 'join':
    case 'merge-join':
      return compileJoin(step, other);
    default:
      return compileMemoised(step, resources);
  }
}

type Other = (name: string, columns: readonly string[] | undefined) => ReturnType<typeof otherSide>;

function compileSemiJoin(step: SemiJoinStep, other: Other): Operator {
  return semiJoin({ ...step, other: other(step.with, Object.values(step.on)) });
}

function compileJoin(step: JoinStep, other: Other): Operator {
  const needed = step.columns && [...step.columns, ...Object.values(step.on)];
  const join = step.kind === 'join' ? symmetricJoin : mergeJoin;
  return inTurn(step.with.map(name => join({ ...step, other: other(name, needed) })));
}

function compileMemoised(step: Step, { memo }: PipelineResources): Operator {
  const { cache: mode, ...rest } = step;
  const run = compileRowStep(step) as RowStep;
  if (memo === undefined) throw sourceUnavailable(step.kind, 'there is no place for the results of "cache"');
  return memoised({ name: step.kind, identity: JSON.stringify(rest), step: run, mode, store: memo });
}

function cellOf(value: Constant) {
  return typeof value === 'string' ? compileTemplate(value).cell : () => value;
}
