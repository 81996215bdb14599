/**
 * Answers one request for a page as the API function in a fresh process, and reports in which order modules of ours were
 * loaded and requests to the store went out. Its argument is the environment as JSON.
 */
import { subscribe } from 'node:diagnostics_channel';
import { writeSync } from 'node:fs';
import { registerHooks } from 'node:module';

const events: string[] = [];
registerHooks({
  load(url, context, nextLoad) {
    const [, module] = /\/src\/(\w+)\//.exec(url) ?? [];
    if (module !== undefined) events.push(`load ${module}`);
    return nextLoad(url, context);
  },
});
subscribe('http.client.request.start', message => {
  const { request } = message as { request: { method: string; path: string } };
  events.push(`${request.method} ${request.path.split('/')[2]}`);
});

const event = {
  version: '2.0' as const,
  routeKey: '$default',
  rawPath: '/api/v1/pages/home',
  rawQueryString: '',
  headers: { authorization: 'Bearer test-key' },
  requestContext: {
    domainName: 'x.lambda-url.eu-central-1.on.aws',
    stage: '$default',
    http: {
      method: 'GET',
      path: '/api/v1/pages/home',
      protocol: 'HTTP/1.1',
      sourceIp: '192.0.2.1',
      userAgent: 'x',
    },
  },
  isBase64Encoded: false,
};

const [environment = '{}', prefetch = ''] = process.argv.slice(2);
const { buffered, createApi } = await import('../../src/handler/api.ts');
const { systemRuntime } = await import('../../src/core/runtime.ts');
const env = { ...JSON.parse(environment), KITTIWAKE_PREFETCH: String(prefetch === 'prefetch') };
const handler = buffered(createApi({ env, runtime: systemRuntime, write: () => {} }));
events.push('init');
const { statusCode, body } = await handler(event as never, { getRemainingTimeInMillis: () => 10_000 });
writeSync(1, JSON.stringify({ statusCode, content: JSON.parse(body ?? '{}').content, events }));
process.exit();
