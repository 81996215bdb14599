import {
  type CacheHint,
  ProtocolError,
  ProtocolErrorCode,
  ResourceNotFoundError,
  Server,
  type ServerOptions,
} from '@modelcontextprotocol/server';
import { isKittiwakeError } from '../core/errors.ts';
import { publicText, statusOf } from '../http/status.ts';
import { callTool } from './call-tool.ts';
import { listTools } from './list-tools.ts';
import { completePath, listResources, listTemplates, readResource } from './resources.ts';
import type { Session } from './session.ts';

const IDENTITY = { name: 'kittiwake', title: 'Kittiwake wiki', version: '0.1.0' };

/** What one caller gets is for nobody else. */
const SOME_MINUTES: CacheHint = { ttlMs: 300_000, cacheScope: 'private' };
const AT_ONCE: CacheHint = { ttlMs: 0, cacheScope: 'private' };

const OPTIONS: ServerOptions = {
  capabilities: { tools: {}, resources: {}, completions: {} },
  instructions:
    'A wiki of Markdown pages in git. Read a page before you change it: writing to it needs the revision that was read, so that nobody\'s change is lost. When a write answers "Revision mismatch", apply your change to the current text, which the answer shows the difference to. Pages link to each other with [[Page]] or [[Text|Page]].',
  cacheHints: {
    'tools/list': SOME_MINUTES,
    'server/discover': SOME_MINUTES,
    'resources/templates/list': SOME_MINUTES,
    'resources/list': AT_ONCE,
    'resources/read': AT_ONCE,
  },
  // Nobody is asked for anything: there is nothing to check answers by.
  jsonSchemaValidator: {
    getValidator() {
      throw new Error('Nothing is elicited');
    },
  },
};

/** The server as one caller may use it, for one request over HTTP or one connection over stdio. */
export function createWikiServer(session: Session): Server {
  const server = new Server(IDENTITY, OPTIONS);
  const told = <T>(work: () => T | Promise<T>) => tellingErrors(session, work);
  server.setRequestHandler('tools/list', () => told(() => listTools(session)));
  server.setRequestHandler('tools/call', ({ params }) => callTool(params.name, params.arguments, session));
  server.setRequestHandler('resources/list', ({ params }) =>
    told(() => listResources(session, params?.cursor)),
  );
  server.setRequestHandler('resources/templates/list', () => listTemplates());
  server.setRequestHandler('resources/read', ({ params }) =>
    told(() => readResource(session, params.uri)).catch(error => {
      throw isAbsence(error) ? new ResourceNotFoundError(params.uri) : error;
    }),
  );
  server.setRequestHandler('completion/complete', ({ params: { argument } }) =>
    told(() => (argument.name === 'path' ? completePath(session, argument.value) : NOTHING)),
  );
  return server;
}

const NOTHING = { completion: { values: [], total: 0, hasMore: false } };

/**
 * Refusals as errors of the protocol, with their code. What is wrong inside is told to the log alone.
 * @throws ProtocolError
 */
async function tellingErrors<T>(session: Session, work: () => T | Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!isKittiwakeError(error) || statusOf(error) === 500) {
      const id = session.report(error);
      throw new ProtocolError(ProtocolErrorCode.InternalError, 'Internal error', { request_id: id });
    }
    const isFault = statusOf(error) >= 500;
    const code = isFault ? ProtocolErrorCode.InternalError : ProtocolErrorCode.InvalidParams;
    throw new ProtocolError(code, publicText(error), { code: error.code, status: statusOf(error) });
  }
}

function isAbsence(error: unknown): boolean {
  return error instanceof ProtocolError && (error.data as { status?: number } | undefined)?.status === 404;
}
