import { KittiwakeError } from '../core/errors.ts';
import type { Problem } from '../http/schema.ts';

/** The arguments of a tool are not what its schema says. */
export function argumentsInvalid(problem: Problem): KittiwakeError {
  const what = problem.kind === 'missing' ? `Missing required argument: ${problem.field}` : problem.message;
  return new KittiwakeError('body_invalid', what);
}
