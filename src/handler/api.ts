import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { createLogger } from '../core/log.ts';
import { metricFields } from '../core/metrics.ts';
import { randomId, systemRuntime } from '../core/runtime.ts';
import { parseSwitch } from '../core/setting-value.ts';
// Loaded with init, which has more of the processor than the first request.
import '../http/app.ts';
import { json } from '../http/message.ts';
import '../http/routes/content-routes.ts';
import { functionHost } from '../lazy/function-host.ts';
import type { Api, ApiContext } from './answering.ts';
import { requestOf, resultOf } from './event.ts';
import { type HandlerOptions, type OpenedService, openService } from './open-service.ts';
import { refuseStranger } from './origin.ts';
import { streamed } from './streamed.ts';
import { writeLine } from './write-line.ts';

export type BufferedHandler = (
  event: APIGatewayProxyEventV2,
  context: ApiContext,
) => Promise<APIGatewayProxyStructuredResultV2>;

/** What is kept back of the function's time for the answer to travel. */
const RESERVE_MS = 500;

/**
 * The API as a Lambda function. Where `KITTIWAKE_PREFETCH` says so, what the first request will need is begun at once, and
 * nothing waits for it. Otherwise the environment is read by the first request. When it is wrong, each request says so until it
 * is right.
 */
export function createApi(options: HandlerOptions): Api {
  const { runtime, write, env } = options;
  const host = functionHost('api', env);
  let opened: OpenedService | undefined;
  const opening = () => {
    opened ??= openService(options, host);
    return opened;
  };
  if (parseSwitch(env.KITTIWAKE_PREFETCH ?? '') === true) prefetch(options, opening);
  host.initMs = process.uptime() * 1000;
  return {
    async respond(event, context) {
      const id = context.awsRequestId ?? randomId(runtime);
      host.requestId = id;
      let current: OpenedService;
      try {
        current = opening();
      } catch (error) {
        const log = createLogger({ write, now: () => runtime.now() });
        log.failure('start_failed', error, { request: id, ...failedMetrics(options) });
        return json(500, { error: 'Internal error', code: 'internal', request_id: id });
      }
      const deadlineMs = runtime.now() + context.getRemainingTimeInMillis() - RESERVE_MS;
      const request = { ...requestOf(event, deadlineMs), id };
      const { service, secrets } = current;
      return refuseStranger(request, secrets) ?? (await service.app.handle(request));
    },
    async settled(context) {
      const idle = opened?.service.idle();
      const leftMs = Math.max(0, context.getRemainingTimeInMillis() - RESERVE_MS / 2);
      if (idle !== undefined) await within(idle, leftMs);
    },
  };
}

/** Waits for no longer than `ms`, and leaves no timer behind. */
async function within(work: Promise<void>, ms: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>(resolve => {
    timer = setTimeout(resolve, ms);
  });
  await Promise.race([work, late]);
  clearTimeout(timer);
}

/** The API behind an HTTP API, or a function URL that does not stream: answers are events of 6 MB at most. */
export function buffered(api: Api): BufferedHandler {
  return async (event, context) => {
    const result = await resultOf(await api.respond(event, context));
    await api.settled(context);
    return result;
  };
}

/**
 * Begins when the platform has been told that the function is ready. Where the environment is wrong, the first request says so; what
 * fails is tried again by it.
 */
function prefetch({ runtime }: HandlerOptions, opening: () => OpenedService): void {
  const begun = runtime.turn().then(() => opening().service.prefetch());
  begun.catch(() => {});
}

/** Without settings there is no service that would count the request. */
function failedMetrics({ env, runtime }: HandlerOptions): Record<string, unknown> {
  if (env.KITTIWAKE_METRICS !== 'emf') return {};
  const source = { Wiki: env.KITTIWAKE_WIKI || 'unset', Function: 'api' } as const;
  return metricFields(source, runtime.now(), { Requests: 1, ServerErrors: 1 });
}

const api = createApi({
  env: process.env,
  runtime: systemRuntime,
  write: writeLine,
});

/** Behind a function URL with `RESPONSE_STREAM`. */
export const handler = streamed(api);

export const bufferedHandler = buffered(api);
