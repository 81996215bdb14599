/**
 * Answers one request for a page as the API function in a fresh process, and reports what of tracing was loaded before it and
 * by it. Its argument is the environment as JSON.
 */
import { writeSync } from 'node:fs';
import { registerHooks } from 'node:module';

const loaded = new Set<string>();
registerHooks({
  load(url, context, nextLoad) {
    const [, file] = /\/src\/lazy\/(tracing)\.ts$/.exec(url) ?? [];
    if (file !== undefined) loaded.add(file);
    return nextLoad(url, context);
  },
});

function ofTracing(): string[] {
  const { moduleLoadList } = process as unknown as { moduleLoadList: string[] };
  return [...loaded, ...moduleLoadList.filter(name => name === 'NativeModule dgram')];
}

const event = {
  version: '2.0',
  routeKey: '$default',
  rawPath: '/api/v1/pages/home',
  rawQueryString: '',
  headers: { authorization: 'Bearer test-key' },
  requestContext: {
    domainName: 'x.lambda-url.eu-central-1.on.aws',
    stage: '$default',
    http: { method: 'GET', path: '/', protocol: 'HTTP/1.1', sourceIp: '192.0.2.1', userAgent: 'x' },
  },
  isBase64Encoded: false,
};

const { buffered, createApi } = await import('../../src/handler/api.ts');
const { systemRuntime } = await import('../../src/core/runtime.ts');
const env = JSON.parse(process.argv[2] ?? '{}');
const handler = buffered(createApi({ env, runtime: systemRuntime, write: () => {} }));
const before = ofTracing();
const { statusCode } = await handler(event as never, { getRemainingTimeInMillis: () => 10_000 });
writeSync(1, JSON.stringify({ statusCode, before, after: ofTracing() }));
process.exit();
