import type { FunctionConfiguration } from '@aws-sdk/client-lambda';
import { isSameEnvironment, type Variables } from './marker.ts';

/** A function as it is deployed: its unpublished state, `$LATEST`. */
export interface FunctionState {
  revisionId: string;
  variables: Variables;
  /** Why the environment cannot be read, for example without the permission for its key. */
  environmentError: string | undefined;
  /** `Active`, `Pending`, `Inactive` or `Failed`. */
  state: string;
  /** `Successful`, `InProgress` or `Failed`. */
  updateStatus: string;
  /** The code of the reason for either, or nothing. */
  reason: string;
  timeoutMs: number;
  setup: FunctionSetup;
}

/** What cold starts depend on besides the variables. */
export interface FunctionSetup {
  runtime: string;
  architecture: string;
  memoryMb: number;
  codeSha256: string;
  /** The platform moves it on its own; empty when it is not told. */
  runtimeVersion: string;
}

/** https://docs.aws.amazon.com/lambda/latest/api/API_GetFunctionConfiguration.html */
export function stateOf(found: FunctionConfiguration): FunctionState {
  return {
    revisionId: found.RevisionId ?? '',
    variables: found.Environment?.Variables ?? {},
    environmentError: found.Environment?.Error && (found.Environment.Error.ErrorCode ?? 'unknown'),
    state: found.State ?? 'Active',
    updateStatus: found.LastUpdateStatus ?? 'Successful',
    reason: found.LastUpdateStatusReasonCode ?? found.StateReasonCode ?? '',
    timeoutMs: (found.Timeout ?? 900) * 1000,
    setup: {
      runtime: found.Runtime ?? 'image',
      architecture: found.Architectures?.[0] ?? 'x86_64',
      memoryMb: found.MemorySize ?? 0,
      codeSha256: found.CodeSha256 ?? '',
      runtimeVersion: found.RuntimeVersionConfig?.RuntimeVersionArn ?? '',
    },
  };
}

/** Why a function cannot be measured; undefined when it can. */
export function obstacleOf({
  state,
  updateStatus,
  reason,
  environmentError,
}: FunctionState): string | undefined {
  const why = reason === '' ? '' : ` (${reason})`;
  if (environmentError !== undefined) return `its environment cannot be read (${environmentError})`;
  if (state !== 'Active') return `its state is ${state}${why}`;
  return updateStatus === 'Successful' ? undefined : `its last update is ${updateStatus}${why}`;
}

/** Whether a function is as it was, but for its variables and its revision, which moves also when an update has ended. */
export function isSameFunction(a: FunctionState, b: FunctionState): boolean {
  return a.setup.codeSha256 === b.setup.codeSha256 && a.setup.memoryMb === b.setup.memoryMb;
}

export function isSameState(found: FunctionState, known: FunctionState, variables: Variables): boolean {
  return isSameFunction(found, known) && isSameEnvironment(found.variables, variables);
}
