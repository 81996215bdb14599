import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2, Context } from 'aws-lambda';
import { readConfig } from '../core/config.ts';
import { createLogger } from '../core/log.ts';
import { type Runtime, randomId, systemRuntime } from '../core/runtime.ts';
// Loaded with init, which has more of the processor than the first request.
import '../http/app.ts';
import { json } from '../http/message.ts';
import '../http/routes/table.ts';
import { createService, type Service } from '../lazy/app.ts';
import { requestOf, resultOf } from './event.ts';

export type ApiHandler = (
  event: APIGatewayProxyEventV2,
  context: Pick<Context, 'getRemainingTimeInMillis'>,
) => Promise<APIGatewayProxyStructuredResultV2>;

export interface ApiHandlerOptions {
  env: Readonly<Record<string, string | undefined>>;
  runtime: Runtime;
  /** Gets the lines of the log. */
  write(line: string): void;
  /**
   * Whether init reads the ledger in advance. It then reads the environment too; what fails is tried again by the first
   * request. Default: the first request does all of it.
   */
  prefetch?: boolean;
}

/** What is kept back of the function's time for the answer to travel. */
const RESERVE_MS = 500;

/**
 * The API as a Lambda function behind a function URL or an HTTP API. The environment is read by the first request, not by
 * init; when it is wrong, each request says so until it is right.
 */
export function createApiHandler(options: ApiHandlerOptions): ApiHandler {
  const { runtime, write } = options;
  let service = options.prefetch ? prefetched(options) : undefined;
  return async (event, context) => {
    try {
      service ??= openService(options);
    } catch (error) {
      const id = randomId(runtime);
      createLogger({ write, now: () => runtime.now() }).failure('start_failed', error, { request: id });
      return resultOf(json(500, { error: 'Internal error', code: 'internal', request_id: id }));
    }
    const deadlineMs = runtime.now() + context.getRemainingTimeInMillis() - RESERVE_MS;
    return resultOf(await service.app.handle(requestOf(event, deadlineMs)));
  };
}

/** Undefined when the environment is wrong: the first request says so. */
function prefetched(options: ApiHandlerOptions): Service | undefined {
  try {
    const service = openService(options);
    service.prefetch();
    return service;
  } catch {
    return undefined;
  }
}

function openService({ env, runtime, write }: ApiHandlerOptions): Service {
  const { config, secrets, warnings } = readConfig({ env });
  const { logLevel: level, logPaths: paths } = config;
  const log = createLogger({ level, paths, write, now: () => runtime.now() });
  for (const text of warnings) log.warn('config', { text });
  return createService({ config, secrets, runtime, log });
}

export const handler: ApiHandler = createApiHandler({
  env: process.env,
  runtime: systemRuntime,
  write: line => process.getBuiltinModule('node:fs').writeSync(1, `${line}\n`),
});
