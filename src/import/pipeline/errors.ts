import { KittiwakeError } from '../../core/errors.ts';
import { nearest } from '../../core/nearest.ts';

/** Refusals of pipelines: nothing has run when one is thrown. */

/** Something that is wrong in a pipeline. */
export interface PipelineProblem {
  /** Where in the value: `['steps', 2, 'join', 'with']`. */
  readonly at: readonly (string | number)[];
  /** What is wrong and what would be right, without the place. */
  readonly message: string;
  /** From 1, where the pipeline is a text. */
  readonly line?: number;
  readonly column?: number;
}

export function pipelineInvalid(problems: readonly PipelineProblem[]): KittiwakeError {
  const [first] = problems;
  const more = problems.length > 1 ? `, and ${problems.length - 1} more problems` : '';
  return new KittiwakeError(
    'pipeline_invalid',
    `Checking the pipeline: ${first === undefined ? 'it cannot be read' : problemText(first)}${more}`,
    { data: { problems } },
  );
}

/** On one line, with its place. */
export function problemText({ at, message, line, column }: PipelineProblem): string {
  const place = line === undefined ? '' : `line ${line}, column ${column}: `;
  return `${place}${at.length === 0 ? '' : `${placeText(at)}: `}${message}`;
}

export function sourceUnavailable(name: string, why: string): KittiwakeError {
  return new KittiwakeError('pipeline_source_unavailable', `Opening the source "${name}": ${why}`);
}

/** @param wanted reads on from "it must be" */
export function syntaxWrong(what: string, text: string, index: number, wanted: string): KittiwakeError {
  const found = index >= text.length ? 'its end' : JSON.stringify(text.slice(index, index + 20));
  return new KittiwakeError(
    'pipeline_invalid',
    `in the ${what}, at character ${index + 1}: ${wanted}, found ${found}`,
  );
}

export function nameUnknown(what: string, name: string, known: readonly string[]): string {
  const near = name.length > MAX_SHOWN ? undefined : nearest(name, known);
  const hint = near === undefined ? `there are ${known.join(', ')}` : `did you mean "${near}"?`;
  return `unknown ${what} "${shortened(name)}", ${hint}`;
}

/** Of a name of somebody else's choice, in UTF-16 units. */
const MAX_SHOWN = 60;

function shortened(text: string): string {
  return text.length > MAX_SHOWN ? `${text.slice(0, MAX_SHOWN)}…` : text;
}

function placeText(at: readonly (string | number)[]): string {
  return at
    .map((part, index) => {
      if (typeof part === 'number') return `[${part}]`;
      return index === 0 ? shortened(part) : `.${shortened(part)}`;
    })
    .join('');
}
