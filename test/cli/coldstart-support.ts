import { vi } from 'vitest';
import { coldstart } from '../../src/cli/coldstart.ts';
import { readConfig } from '../../src/core/config.ts';
import { readProjectionSettings } from '../../src/core/projection-config.ts';
import { systemRuntime } from '../../src/core/runtime.ts';
import {
  type LambdaService,
  type LambdaServiceOptions,
  startLambdaService,
} from '../support/lambda-service.ts';
import { type BucketCli, bucketCli } from '../support/s3-cli.ts';

/** What must never be seen. */
export const SECRET = 'hunter2-hunter2';
/** The environment of the function that is measured. */
export const VARIABLES = { KITTIWAKE_API_KEY_SHA256: SECRET, KITTIWAKE_STORE: 's3://some-bucket' };

export interface MeasuredFunction {
  service: LambdaService;
  cli: BucketCli;
  /** Runs `kittiwake coldstart --function wiki …` in this process. */
  run(...args: string[]): ReturnType<BucketCli['run']>;
  /** The same as a process of its own. */
  start(...args: string[]): ReturnType<BucketCli['start']>;
  /** Runs it without pauses, for three samples. */
  runAtOnce(signal?: AbortSignal): Promise<{ said: string[]; error: unknown }>;
}

/** A stand-in of AWS Lambda with one function, and the command that measures it. */
export async function measuredFunction(options: LambdaServiceOptions = {}): Promise<MeasuredFunction> {
  const service = await startLambdaService({ variables: VARIABLES, ...options });
  const env = {
    AWS_ENDPOINT_URL_LAMBDA: service.endpoint,
    AWS_REGION: 'eu-central-1',
    AWS_ACCESS_KEY_ID: 'key',
    AWS_SECRET_ACCESS_KEY: 'secret',
    AWS_CONFIG_FILE: '/nonexistent',
    AWS_SHARED_CREDENTIALS_FILE: '/nonexistent',
  };
  // The client reads the process's own environment.
  for (const [name, value] of Object.entries(env)) vi.stubEnv(name, value);
  const cli = bucketCli({});
  const call = (args: readonly string[]) => ['coldstart', '--function', 'wiki', ...args];
  return {
    service,
    cli,
    run: (...args) => cli.run(call(args)),
    start: (...args) => cli.start(call(args), env),
    runAtOnce,
  };
}

async function runAtOnce(signal = new AbortController().signal): Promise<{ said: string[]; error: unknown }> {
  const said: string[] = [];
  const terminal = {
    out: () => undefined,
    say: (line: string) => said.push(line),
    draw: () => undefined,
    live: false,
    columns: 80,
  };
  const error = await coldstart
    .run({
      ...readConfig({ env: {} }),
      projections: readProjectionSettings({ env: {} }),
      options: new Map([
        ['--function', 'wiki'],
        ['--samples', '3'],
      ]),
      operands: [],
      terminal,
      runtime: { ...systemRuntime, sleep: () => systemRuntime.turn() },
      signal,
    })
    .then(
      () => undefined,
      reason => reason,
    );
  return { said, error };
}
