/**
 * Loads what its argument names, asks the API for its health, and reports what was loaded, opened and left behind after
 * each step. Nothing but Node's own modules is imported before the hook is there.
 */
import { writeSync } from 'node:fs';
import { registerHooks } from 'node:module';

const loaded: string[] = [];
registerHooks({
  load(url, context, nextLoad) {
    loaded.push(url);
    return nextLoad(url, context);
  },
});

interface Step {
  loaded: string[];
  builtin: string[];
  resources: string[];
}

const builtinBefore = new Set(moduleList());
const steps: Record<string, Step> = {};

function moduleList(): string[] {
  return (process as unknown as { moduleLoadList: string[] }).moduleLoadList;
}

function report(name: string): void {
  steps[name] = {
    loaded: [...loaded],
    builtin: moduleList().filter(module => !builtinBefore.has(module)),
    resources: process.getActiveResourcesInfo(),
  };
}

const noTime = { getRemainingTimeInMillis: () => 10_000 };

const health = {
  version: '2.0' as const,
  routeKey: '$default',
  rawPath: '/api/v1/health',
  rawQueryString: '',
  headers: {},
  requestContext: {
    domainName: 'x.lambda-url.eu-central-1.on.aws',
    stage: '$default',
    http: {
      method: 'GET',
      path: '/api/v1/health',
      protocol: 'HTTP/1.1',
      sourceIp: '192.0.2.1',
      userAgent: 'x',
    },
  },
  isBase64Encoded: false,
};

if (process.argv[2] === 'handler') {
  const { bufferedHandler: handler } = await import('../../src/handler/api.ts');
  report('init');
  const answer = await handler(health as never, noTime);
  if (answer.body !== '{"status":"ok"}\n') throw new Error(JSON.stringify(answer));
  report('health');
} else {
  await import(process.argv[2] ?? '');
  report('init');
}
writeSync(1, JSON.stringify(steps));
