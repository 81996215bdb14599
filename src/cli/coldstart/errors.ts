import { KittiwakeError } from '../../core/errors.ts';
import { MARKER } from './marker.ts';

export function optionMissing(flag: string, why: string): KittiwakeError {
  return new KittiwakeError('usage', `Missing ${flag}: ${why}`);
}

export function writeNotAllowed(file: string): KittiwakeError {
  return new KittiwakeError(
    'usage',
    `Cannot send the event of "${file}": it is no GET or HEAD, and every sample sends it; --allow-writes says that this is meant`,
  );
}

/** `said` holds nothing of the request: see {@link file://./lambda-function.ts}. */
export function callFailed(action: string, name: string, said: string): KittiwakeError {
  return new KittiwakeError('function_call_failed', `${action} "${name}" fails: ${said}`);
}

export function functionNotReady(name: string, state: string): KittiwakeError {
  return new KittiwakeError(
    'function_not_ready',
    `Cannot measure "${name}": ${state}; it must be active, with its last update successful and its environment readable`,
  );
}

export function functionChanged(name: string): KittiwakeError {
  return new KittiwakeError(
    'function_changed',
    `Measuring "${name}" stops: somebody else changed the function meanwhile`,
  );
}

export function updateFailed(name: string, state: string): KittiwakeError {
  return new KittiwakeError('function_update_failed', `Updating "${name}" fails: ${state}`);
}

export function functionFailed(name: string, errorType: string): KittiwakeError {
  return new KittiwakeError(
    'function_failed',
    `Invoking "${name}" fails: the function ends with ${errorType}; its log says more`,
  );
}

export function coldStartsAbsent(name: string, invocations: number, dropped: string): KittiwakeError {
  return new KittiwakeError(
    'cold_starts_absent',
    `Measuring "${name}" fails: none of ${invocations} invocations can be used (${dropped})`,
  );
}

export function unrestored(name: string, cause: unknown): KittiwakeError {
  const said = cause instanceof Error ? cause.message : String(cause);
  return new KittiwakeError(
    'function_unrestored',
    `Restoring the environment of "${name}" fails: ${said}; it still has ${MARKER}, which the next run takes away`,
  );
}
