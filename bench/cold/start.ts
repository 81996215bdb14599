import { FunctionEnvironment } from '../../test/support/lambda/function-environment.ts';
import type { InvokeResult } from '../../test/support/lambda/invocation.ts';
import type { Request } from './cold-wiki.ts';
import { processTimeMs } from './process-time.ts';

/** A function to be started. */
export interface FunctionVariant {
  name: string;
  /** The asset. */
  taskRoot: string;
  /** Variables of its own. */
  environment: Readonly<Record<string, string>>;
}

export interface StartOptions {
  memoryMb: number;
  /** Variables that all have. */
  environment: Readonly<Record<string, string>>;
  /** Sent to the new process, one after the other; there is at least one. */
  requests: readonly Request[];
  /** Called with the process, which is stopped then, between init and the first event. Absent: the event is there at once. */
  afterInit?: ((pid: number) => void) | undefined;
}

/** One process, from its start to the last answer; in milliseconds. */
export interface StartTimes {
  /** Start of the process to its request for an event. */
  initMs: number;
  /** Start of the process to the end of the first answer, what `afterInit` took left out. */
  firstMs: number;
  /** First event handed over to the end of its answer. */
  invokeMs: number;
  /** The same of the second event, where there was one. */
  secondMs: number | undefined;
  /** Processor time of the process until it asked for the second event. */
  processorMs: number | undefined;
  /** What the function says of its own initialisations, by name. */
  initialisations: Readonly<Record<string, number>>;
}

/** Starts a process of a function, behind the Runtime API, and sends it requests. @throws Error when one is refused */
export async function start(variant: FunctionVariant, options: StartOptions): Promise<StartTimes> {
  const { memoryMb, requests, afterInit } = options;
  const environment = new FunctionEnvironment({
    ...{ taskRoot: variant.taskRoot, handler: 'index.handler', memoryMb, timeoutMs: 30_000 },
    environment: { ...options.environment, ...variant.environment },
  });
  try {
    if (afterInit !== undefined) {
      await environment.init();
      afterInit(environment.pid ?? 0);
    }
    const [one, two] = requests;
    if (one === undefined) throw new Error(`Starting ${variant.name} fails: there is no request`);
    const first = await send(environment, variant, one);
    const processorMs = processTimeMs(environment.pid ?? 0);
    const second = two === undefined ? undefined : await send(environment, variant, two);
    const { initMs = Number.NaN, durationMs: invokeMs, sinceStartMs = Number.NaN } = first;
    const firstMs = afterInit === undefined ? sinceStartMs : initMs + invokeMs;
    const initialisations = initialisationsIn(first.log);
    return { initMs, firstMs, invokeMs, secondMs: second?.durationMs, processorMs, initialisations };
  } finally {
    await environment.stop();
  }
}

async function send(
  environment: FunctionEnvironment,
  variant: FunctionVariant,
  { event, check }: Request,
): Promise<InvokeResult> {
  const result = await environment.invoke(event());
  const body = result.payload.toString();
  const status = result.streamed?.prelude?.statusCode;
  if (status !== 200) throw new Error(`Starting ${variant.name} fails: ${status} ${body}\n${result.log}`);
  check(body);
  return result;
}

/** Milliseconds by name, of the line that holds the metrics of the request. */
function initialisationsIn(log: readonly string[]): Record<string, number> {
  const line = log.find(each => each.includes('"_aws"'));
  const fields: Record<string, unknown> = JSON.parse(line ?? '{}');
  const found: Record<string, number> = {};
  for (const [key, value] of Object.entries(fields)) {
    const name = /^LazyInit_(.+)Ms$/.exec(key)?.[1];
    if (name !== undefined && typeof value === 'number') found[name] = value;
  }
  return found;
}
