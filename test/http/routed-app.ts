import { Authenticator } from '../../src/auth/authenticate.ts';
import { readConfig } from '../../src/core/config.ts';
import { createLogger } from '../../src/core/log.ts';
import { systemRuntime } from '../../src/core/runtime.ts';
import { createApp } from '../../src/http/app.ts';
import type { HttpRequest } from '../../src/http/message.ts';
import type { Handler, Route } from '../../src/http/route.ts';
import type { Services, Site } from '../../src/http/services.ts';
import { createMemoryByteStore } from '../../src/storage/memory.ts';

export const KEY = 'a-key';

/** An application whose few routes have one handler; what it logs is in `lines`. */
export function setUp(
  handler: Handler,
  options: { key?: string; loads?: () => void; loadsRoutes?: () => void } = {},
) {
  const lines: Record<string, unknown>[] = [];
  const log = createLogger({ level: 'debug', write: line => lines.push(JSON.parse(line)), now: () => 0 });
  const load = async () => {
    options.loads?.();
    return handler;
  };
  const routes: Route[] = [
    { name: 'thing', method: 'POST', pattern: '/things/{name...}', access: 'write', load },
    { name: 'thing', method: 'GET', pattern: '/things/{name...}', access: 'read', load },
    { name: 'open', method: 'GET', pattern: '/open', access: 'open', load },
  ];
  const allRoutes = async (): Promise<Route[]> => {
    options.loadsRoutes?.();
    return [...routes, { name: 'other', method: 'GET', pattern: '/others', access: 'open', load }];
  };
  const { config } = readConfig({ env: {} });
  const store = async () => createMemoryByteStore();
  const secrets = { apiKey: 'key' in options ? options.key : KEY };
  const authenticator = new Authenticator({
    config,
    secrets,
    store,
    runtime: systemRuntime,
    trustsPeers: false,
  });
  const wiki = { wikiId: Object.assign(async () => 'a', { peek: () => 'a' }) };
  const site: Site = {
    authenticate: (request, beside) => authenticator.authenticate(request, wiki, beside),
    opens: async () => false,
    as: () => ({}) as Services,
  };
  const app = createApp({
    routes,
    allRoutes,
    locate: request => ({ site, request }),
    limits: { maxBodyBytes: 10, maxAttachmentBodyBytes: 20 },
    runtime: systemRuntime,
    log,
    meter: {
      mark: () => 1,
      since: () => [
        { name: 'init-wiki', durationMs: 1.234 },
        { name: 'store', description: '1 GET' },
      ],
    },
  });
  const send = async (request: Partial<HttpRequest>) => {
    const response = await app.handle({
      method: 'GET',
      path: '/things/x',
      query: '',
      body: Buffer.alloc(0),
      ...request,
      headers: { authorization: `Bearer ${KEY}`, ...request.headers },
    });
    const text = String(response.body);
    return { ...response, value: text === '' ? undefined : JSON.parse(text) };
  };
  return { send, lines };
}
