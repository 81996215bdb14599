import { nearColumn } from '../operator/errors.ts';
import type { PipelineProblem } from './errors.ts';
import type { CheckedPipeline, Constant, JoinStep, OtherSource, Step } from './pipeline.ts';
import type { Place } from './shape.ts';
import { compileExpression } from './text/expression.ts';
import { compileTemplate } from './text/template.ts';

/** What a pipeline will do, without running it. */
export interface Plan {
  readonly steps: readonly PlannedStep[];
  /** Of the rows that pages are made of; undefined: as the source has them, not known before. */
  readonly columns: Columns;
  /** True: rows are worked on in any number of threads, and an import goes on where it stopped. */
  readonly isRowWise: boolean;
  /** Columns that are named where they cannot be. */
  readonly problems: readonly PipelineProblem[];
}

export interface PlannedStep {
  readonly name: string;
  /** In words: what it holds in memory. */
  readonly memory: string;
  /** Behind it. */
  readonly columns: Columns;
}

/** In their order. Undefined: not known. A row may lack some of them. */
export type Columns = readonly string[] | undefined;

/** @param source columns of the source, where they are known */
export function planPipeline(pipeline: CheckedPipeline, source: Columns): Plan {
  const problems: PipelineProblem[] = [];
  const steps: PlannedStep[] = [];
  let columns = source;
  for (const [index, step] of pipeline.steps.entries()) {
    for (const name of neededBy(step)) problems.push(...lack(name, columns, ['steps', index, step.kind]));
    columns = columnsBehind(step, columns, pipeline.sources);
    steps.push({ name: step.kind, memory: memoryOf(step), columns });
  }
  const { path, content, frontmatter } = pipeline.page;
  for (const name of compileTemplate(path).columns) problems.push(...lack(name, columns, ['page', 'path']));
  for (const name of compileTemplate(content).columns) {
    if (!columns?.includes('file')) problems.push(...lack(name, columns, ['page', 'content']));
  }
  for (const name of neededByConstants(frontmatter))
    problems.push(...lack(name, columns, ['page', 'frontmatter']));
  return { steps, columns, problems, isRowWise: pipeline.steps.every(isRowWise) };
}

function isRowWise({ kind, cache }: Step): boolean {
  return cache === 'off' && ['select', 'drop', 'rename', 'filter', 'map'].includes(kind);
}

function lack(name: string, columns: Columns, at: Place): readonly PipelineProblem[] {
  const [first = ''] = name.split('.');
  if (columns === undefined || columns.includes(name) || columns.includes(first)) return [];
  const near = nearColumn(name, columns);
  const hint = near === undefined ? `there are ${columns.join(', ')}` : `did you mean "${near}"?`;
  return [{ at, message: `no row has a column "${name}" here, ${hint}` }];
}

function neededBy(step: Step): readonly string[] {
  switch (step.kind) {
    case 'select':
      return step.columns;
    case 'rename':
      return Object.keys(step.names);
    case 'filter':
      return compileExpression(step.expression).columns;
    case 'map':
      return neededByConstants(step.columns);
    case 'dedupe':
      return step.by ?? [];
    case 'semi-join':
    case 'join':
    case 'merge-join':
      return Object.keys(step.on);
    default:
      return [];
  }
}

function neededByConstants(constants: Readonly<Record<string, Constant>>): readonly string[] {
  return Object.values(constants).flatMap(value =>
    typeof value === 'string' ? compileTemplate(value).columns : [],
  );
}

function columnsBehind(
  step: Step,
  columns: Columns,
  sources: Readonly<Record<string, OtherSource>>,
): Columns {
  switch (step.kind) {
    case 'select':
      return step.columns;
    case 'drop':
      return columns?.filter(name => !step.columns.includes(name));
    case 'rename':
      return columns?.map(name => (Object.hasOwn(step.names, name) ? (step.names[name] as string) : name));
    case 'map':
      return columns && [...new Set([...columns, ...Object.keys(step.columns)])];
    case 'batch':
      return [step.as];
    case 'join':
    case 'merge-join':
      return columnsOfJoin(step, columns, sources);
    default:
      return columns;
  }
}

function columnsOfJoin(
  { with: others, on, columns: chosen, prefix }: JoinStep,
  columns: Columns,
  sources: Readonly<Record<string, OtherSource>>,
): Columns {
  const keys = new Set(Object.values(on));
  const added = others.map(name => {
    const source = sources[name];
    const all = source?.kind === 'wiki' ? source.columns.filter(column => !keys.has(column)) : undefined;
    return (chosen ?? all)?.map(column => prefix + column);
  });
  if (columns === undefined || added.includes(undefined)) return undefined;
  return [...columns, ...added.flatMap(names => names ?? [])];
}

function memoryOf(step: Step): string {
  switch (step.kind) {
    case 'batch':
      return `holds ${step.size} rows`;
    case 'dedupe':
      return `holds hashes of up to ${step.limit} rows, 43 bytes each`;
    case 'semi-join':
      return `holds the keys of "${step.with}", ${boundOf(step)}`;
    case 'join':
      return `holds the smaller side and as much of the other, ${boundOf(step)}`;
    case 'merge-join':
      return `holds the rows of one key, ${boundOf(step)}; both sides must be sorted`;
    default:
      return step.cache === 'off'
        ? 'each row for itself'
        : `each row for itself, 16 at once, cache: ${step.cache}`;
  }
}

function boundOf({ bound: { maxRows, maxBytes } }: Extract<Step, { bound: unknown }>): string {
  return `up to ${maxRows} rows or ${Math.round(maxBytes / 1024 / 1024)} MiB`;
}
