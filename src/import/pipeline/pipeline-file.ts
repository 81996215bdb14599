import { readYamlDocument } from '../../wiki/markup/yaml-document.ts';
import { type Examined, examinePipeline } from './check.ts';
import { pipelineInvalid } from './errors.ts';
import type { CheckedPipeline } from './pipeline.ts';

/** Of a pipeline, in UTF-16 units. */
const MAX_LENGTH = 1024 * 1024;

/** Reads a pipeline from YAML or JSON. Problems have the line and column of their place. */
export function examinePipelineText(text: string): Examined {
  if (text.length > MAX_LENGTH) {
    return { problems: [{ at: [], message: `it must have ${MAX_LENGTH} characters at most` }] };
  }
  const document = readYamlDocument(text);
  if (document.errors.length > 0) return { problems: document.errors.map(error => ({ at: [], ...error })) };
  const examined = examinePipeline(document.value ?? {});
  if (examined.pipeline !== undefined) return examined;
  return { problems: examined.problems.map(problem => ({ ...problem, ...document.place(problem.at) })) };
}

/** The same. @throws KittiwakeError `pipeline_invalid` with all problems */
export function readPipelineText(text: string): CheckedPipeline {
  const { pipeline, problems } = examinePipelineText(text);
  if (pipeline === undefined) throw pipelineInvalid(problems);
  return pipeline;
}

/**
 * The same as it was written, for who keeps it to be checked again: JSON.
 * @throws KittiwakeError `pipeline_invalid` with all problems
 */
export function readWrittenPipeline(text: string): unknown {
  readPipelineText(text);
  return readYamlDocument(text).value ?? {};
}
