import { isKittiwakeError } from '../../core/errors.ts';
import { DEFAULT_PIPELINE } from './default-pipeline.ts';
import { nameUnknown, type PipelineProblem, pipelineInvalid } from './errors.ts';
import type { CheckedPipeline, Constant, Step } from './pipeline.ts';
import { PIPELINE } from './pipeline-shape.ts';
import { planPipeline } from './plan.ts';
import { readPage, readSources, readStep } from './read-steps.ts';
import type { AddProblem, Place } from './shape.ts';
import { compileExpression } from './text/expression.ts';
import { compileTemplate } from './text/template.ts';

type Written = Readonly<Record<string, unknown>>;

/**
 * Checks a pipeline as it was written in JSON or YAML, before anything runs.
 * @param value undefined: {@link DEFAULT_PIPELINE}
 * @throws KittiwakeError `pipeline_invalid` with all problems
 */
export function checkPipeline(value: unknown): CheckedPipeline {
  const { pipeline, problems } = examinePipeline(value);
  if (pipeline === undefined) throw pipelineInvalid(problems);
  return pipeline;
}

export type Examined =
  | { pipeline: CheckedPipeline; problems: readonly [] }
  | { pipeline?: undefined; problems: readonly PipelineProblem[] };

/** The same without throwing. */
export function examinePipeline(value: unknown): Examined {
  if (value === undefined) return { pipeline: DEFAULT_PIPELINE, problems: [] };
  const problems: PipelineProblem[] = [];
  const add: AddProblem = problem => problems.push(problem);
  PIPELINE.check(value, [], add);
  // What has not its shape cannot be looked into.
  if (problems.length > 0) return { problems };
  const written = value as Written;
  const pipeline = read(written);
  checkSources(written, add);
  for (const [index, step] of pipeline.steps.entries())
    checkStep(step, ['steps', index, step.kind], pipeline, add);
  checkPage(pipeline, written, add);
  // What cannot be compiled cannot be asked for its columns.
  if (problems.length === 0) problems.push(...planPipeline(pipeline, undefined).problems);
  return problems.length === 0 ? { pipeline, problems: [] } : { problems };
}

function read({ sources = {}, steps = [], page }: Written): CheckedPipeline {
  return {
    sources: readSources(sources as Written),
    steps: (steps as Written[]).map(readStep),
    page: page === undefined ? DEFAULT_PIPELINE.page : readPage(page as Written),
  };
}

function checkSources({ sources = {} }: Written, add: AddProblem): void {
  for (const [name, value] of Object.entries(sources as Record<string, Written>)) {
    if ((value.file === undefined) === (value.wiki === undefined)) {
      add({ at: ['sources', name], message: 'it must have either "file" or "wiki"' });
    }
  }
}

function checkStep(step: Step, at: Place, { sources }: CheckedPipeline, add: AddProblem): void {
  if (step.kind === 'filter') attempt(() => compileExpression(step.expression), at, add);
  if (step.kind === 'map') checkConstants(step.columns, at, add);
  if (step.kind === 'rename') checkNames(Object.values(step.names), at, add);
  if (step.cache !== 'off' && !['filter', 'map'].includes(step.kind)) {
    add({ at: at.slice(0, -1), message: `"cache" must be with filter or map, and is with ${step.kind}` });
  }
  if (!('with' in step)) return;
  const others = typeof step.with === 'string' ? [step.with] : step.with;
  for (const name of others) {
    if (Object.hasOwn(sources, name)) continue;
    add({ at: [...at, 'with'], message: nameUnknown('source', name, Object.keys(sources)) });
  }
  if (Object.keys(step.on).length === 0) add({ at: [...at, 'on'], message: 'it must name a column' });
}

function checkNames(names: readonly string[], at: Place, add: AddProblem): void {
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) add({ at, message: `two columns must not both become "${twice}"` });
}

function checkPage({ page }: CheckedPipeline, written: Written, add: AddProblem): void {
  attempt(() => compileTemplate(page.path), ['page', 'path'], add);
  attempt(() => compileTemplate(page.content), ['page', 'content'], add);
  const { title, ...fields } = page.frontmatter;
  const given = (written.page ?? {}) as Written;
  if (title !== undefined) {
    checkConstants({ title }, given.title === undefined ? ['page', 'frontmatter'] : ['page'], add);
  }
  checkConstants(fields, ['page', 'frontmatter'], add);
}

function checkConstants(constants: Readonly<Record<string, Constant>>, at: Place, add: AddProblem): void {
  for (const [name, value] of Object.entries(constants)) {
    if (typeof value === 'string') attempt(() => compileTemplate(value), [...at, name], add);
  }
}

function attempt(compile: () => unknown, at: Place, add: AddProblem): void {
  try {
    compile();
  } catch (error) {
    if (!isKittiwakeError(error, 'pipeline_invalid')) throw error;
    add({ at, message: error.message });
  }
}
