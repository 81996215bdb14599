import type { LambdaClient } from '@aws-sdk/client-lambda';
import { nameOf, saidBy, saidByUpdate } from './aws-error.ts';
import { callFailed, optionMissing } from './errors.ts';
import { type FunctionState, stateOf } from './function-state.ts';
import type { Variables } from './marker.ts';

export interface Invocation {
  requestId: string;
  /** Calls that were needed: 1, or more when the first ones failed or were throttled. */
  attempts: number;
  /** From the call to its answer, seen from here. */
  clientMs: number;
  /** The end of the log, decoded. */
  tail: string;
  /** Whether the function failed rather than answered. */
  isError: boolean;
  payload: string;
}

/** The three calls that are needed of AWS Lambda. */
export interface LambdaFunction {
  readonly name: string;
  readonly region: string;
  read(): Promise<FunctionState>;
  /** Replaces all variables, if the function still has that revision. `changed`: it has not; `busy`: an update is under way. */
  write(variables: Variables, revisionId: string): Promise<'written' | 'changed' | 'busy'>;
  invoke(event: string, limits: { timeoutMs: number; signal: AbortSignal }): Promise<Invocation>;
  close(): void;
}

/** For calls that read or change the configuration. */
const CALL_MS = 30_000;

/**
 * Loads the official client, which takes region, credentials and endpoint from the environment and from profiles.
 * @param region Default: as the environment or the profile says
 * @throws KittiwakeError `usage` when no region is set; its methods `function_call_failed`, or the reason of the signal
 */
export async function connectFunction(name: string, region: string | undefined): Promise<LambdaFunction> {
  const sdk = await import('@aws-sdk/client-lambda');
  const client = new sdk.LambdaClient(region === undefined ? {} : { region });
  const limited = () => ({ abortSignal: AbortSignal.timeout(CALL_MS) });
  return {
    name,
    region: await regionOf(client),
    async read() {
      try {
        const command = new sdk.GetFunctionConfigurationCommand({ FunctionName: name });
        return stateOf(await client.send(command, limited()));
      } catch (error) {
        throw callFailed('Reading the configuration of', name, saidBy(error));
      }
    },
    async write(variables, revisionId) {
      const input = {
        FunctionName: name,
        Environment: { Variables: { ...variables } },
        RevisionId: revisionId,
      };
      try {
        await client.send(new sdk.UpdateFunctionConfigurationCommand(input), limited());
        return 'written';
      } catch (error) {
        if (nameOf(error) === 'PreconditionFailedException') return 'changed';
        if (nameOf(error) === 'ResourceConflictException') return 'busy';
        throw callFailed('Updating the configuration of', name, saidByUpdate(error));
      }
    },
    async invoke(event, { timeoutMs, signal }) {
      const command = new sdk.InvokeCommand({
        FunctionName: name,
        LogType: 'Tail',
        Payload: Buffer.from(event),
      });
      const abortSignal = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]);
      const started = performance.now();
      try {
        const answer = await client.send(command, { abortSignal });
        return {
          requestId: answer.$metadata.requestId ?? '',
          attempts: answer.$metadata.attempts ?? 1,
          clientMs: performance.now() - started,
          tail: Buffer.from(answer.LogResult ?? '', 'base64').toString('utf8'),
          isError: answer.FunctionError !== undefined,
          payload: Buffer.from(answer.Payload ?? []).toString('utf8'),
        };
      } catch (error) {
        signal.throwIfAborted();
        throw callFailed('Invoking', name, saidBy(error));
      }
    },
    close: () => client.destroy(),
  };
}

async function regionOf(client: LambdaClient): Promise<string> {
  try {
    return await client.config.region();
  } catch {
    throw optionMissing('--region', 'neither AWS_REGION nor a profile says where the function is');
  }
}
