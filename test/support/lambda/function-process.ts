import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import type { Duplex } from 'node:stream';
import { guardProcess } from './process-guard.ts';
import { runtimeFolder } from './runtime-folder.ts';

/** A function as it is deployed. */
export interface FunctionDefinition {
  /** The folder that is the function's asset. */
  taskRoot: string;
  /** `index.handler` */
  handler: string;
  /** Default: none. A value that begins with `/tmp` means a folder of the environment's own. */
  environment?: Readonly<Record<string, string>>;
  /** Default: 3000, as on Lambda. */
  timeoutMs?: number;
  /** Default: 10,000, as on Lambda. */
  initTimeoutMs?: number;
  /** What the process is told, and the limits of its heap; default: 128. */
  memoryMb?: number;
  /** Default: `function` */
  name?: string;
  /** Default: the Node that runs this. */
  node?: string;
  /** Put before the command; must become it by `exec`, so that the process keeps its id. Default: nothing. */
  prefix?: readonly string[];
}

export interface ProcessPlace {
  /** `127.0.0.1:9001` */
  runtimeApi: string;
  /** What stands for `/tmp`. */
  temporary: string;
  logDescriptor: number;
}

/** A process that runs a handler under AWS's runtime client. */
export interface FunctionProcess {
  readonly pid: number;
  /** `performance.now()` just before it was started. */
  readonly spawnedAtMs: number;
  /** The connection that the runtime asks for events on. */
  readonly connection: Duplex;
  /** Resolves with why it ended, `exit status 1` or `signal: killed`; undefined after a clean exit. */
  readonly exited: Promise<string | undefined>;
  /** SIGSTOP: nothing in it goes on. */
  freeze(): void;
  thaw(): void;
  /** SIGKILL */
  kill(): void;
}

export const FUNCTION_REGION = 'eu-central-1';
const DEFAULT_MEMORY_MB = 128;

/** Starts the process of an execution environment: nothing of this one's environment gets in. */
export function startFunction(definition: FunctionDefinition, place: ProcessPlace): FunctionProcess {
  const [command = '', ...args] = commandOf(definition);
  const env = environmentOf(definition, place);
  const log = place.logDescriptor;
  const spawnedAtMs = performance.now();
  const child = spawn(command, args, {
    cwd: definition.taskRoot,
    env,
    stdio: ['ignore', log, log, 'pipe', log],
  });
  guardProcess(child);
  const exited = new Promise<string | undefined>(resolve => {
    child.once('error', error => resolve(error.message));
    child.once('exit', (code, signal) => resolve(reasonOf(code, signal)));
  });
  return {
    pid: child.pid ?? 0,
    spawnedAtMs,
    connection: child.stdio[3] as Duplex,
    exited,
    freeze: () => void child.kill('SIGSTOP'),
    thaw: () => void child.kill('SIGCONT'),
    kill: () => void child.kill('SIGKILL'),
  };
}

/** As the bootstrap of the managed runtime starts Node: a twentieth of the memory for a semi-space, nine tenths for old objects. */
function commandOf({ node, prefix = [], memoryMb = DEFAULT_MEMORY_MB }: FunctionDefinition): string[] {
  return [
    ...prefix,
    node ?? process.execPath,
    '--expose-gc',
    `--max-semi-space-size=${Math.floor(memoryMb * 0.05)}`,
    `--max-old-space-size=${Math.floor(memoryMb * 0.9)}`,
    join(runtimeFolder(), 'index.mjs'),
  ];
}

/** https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html */
function environmentOf(definition: FunctionDefinition, place: ProcessPlace): Record<string, string> {
  const { taskRoot, handler, environment = {}, name = 'function' } = definition;
  const own = Object.entries(environment).map(([key, value]) => [
    key,
    value.replace(/^\/tmp(?=\/|$)/, place.temporary),
  ]);
  return {
    PATH: '/usr/local/bin:/usr/bin:/bin',
    LANG: 'en_US.UTF-8',
    TZ: ':UTC',
    TMPDIR: place.temporary,
    NODE_PATH: `${runtimeFolder()}/node_modules:${taskRoot}`,
    AWS_REGION: FUNCTION_REGION,
    AWS_DEFAULT_REGION: FUNCTION_REGION,
    AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs24.x',
    AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
    ...Object.fromEntries(own),
    _HANDLER: handler,
    _LAMBDA_TELEMETRY_LOG_FD: '4',
    LAMBDA_TASK_ROOT: taskRoot,
    LAMBDA_RUNTIME_DIR: runtimeFolder(),
    AWS_LAMBDA_RUNTIME_API: place.runtimeApi,
    AWS_LAMBDA_FUNCTION_NAME: name,
    AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(definition.memoryMb ?? DEFAULT_MEMORY_MB),
    AWS_LAMBDA_LOG_GROUP_NAME: `/aws/lambda/${name}`,
    AWS_LAMBDA_LOG_STREAM_NAME: `2026/01/01/[$LATEST]${randomUUID().replaceAll('-', '')}`,
  };
}

function reasonOf(code: number | null, signal: NodeJS.Signals | null): string | undefined {
  if (signal === 'SIGKILL') return 'signal: killed';
  if (signal !== null) return `signal: ${signal}`;
  return code === 0 ? undefined : `exit status ${code}`;
}
