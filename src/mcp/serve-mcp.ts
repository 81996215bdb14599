import {
  createMcpHandler,
  isLegacyRequest,
  WebStandardStreamableHTTPServerTransport,
} from '@modelcontextprotocol/server';
import { decodeUtf8 } from '../core/bytes.ts';
import { routeNotFound } from '../http/errors.ts';
import type { McpServices } from '../http/mcp-services.ts';
import { type HttpResponse, json } from '../http/message.ts';
import type { Context } from '../http/route.ts';
import { asRequests } from './legacy-batch.ts';
import { checkOrigin } from './origin.ts';
import type { Session } from './session.ts';
import { createWikiServer } from './wiki-server.ts';

/** JSON-RPC's own. */
const PARSE_ERROR = -32_700;
const INVALID_REQUEST = -32_600;

/**
 * The Model Context Protocol over Streamable HTTP, without sessions: revision 2026-07-28, and those of 2025, whose clients send no
 * `_meta` with each request. Every request has a server of its own, which knows its caller.
 * @throws KittiwakeError `cross_site`, `route_not_found` where it is off, `body_too_large`, `body_cut`
 */
export async function serveMcp(context: Context): Promise<HttpResponse> {
  const mcp = await (await context.services.projections()).mcp();
  if (!mcp.isOn) throw routeNotFound();
  checkOrigin(context.request.headers.origin, mcp.origins);
  const body = parsed(await context.body());
  if (body === undefined) return refused(PARSE_ERROR, 'Parse error: the body is not JSON');
  const session = sessionOf(context, mcp.log);
  const request = webRequest(context.request.headers);
  if (!(await isLegacyRequest(request, body))) return plain(await serveModern(request, body, session));
  const requests = asRequests(body);
  return requests === undefined
    ? refused(INVALID_REQUEST, 'Invalid Request: a batch holds up to 20 requests, each with an id of its own')
    : plain(await serveLegacy(request, requests, session));
}

function sessionOf({ services, principal, request, admit }: Context, log: McpServices['log']): Session {
  const id = () => (request.id ??= process.getBuiltinModule('node:crypto').randomUUID());
  return {
    services,
    principal,
    deadlineMs: request.deadlineMs,
    countWrite: () => admit?.(principal, request, true),
    report(failure) {
      log.failure('mcp_failed', failure, { request: id() });
      return id();
    },
    denied(error, operation) {
      log.info('denied', { request: id(), principal: principal.id, operation, needed: error.data.needed });
    },
  };
}

async function serveModern(request: Request, body: unknown, session: Session): Promise<Response> {
  const handler = createMcpHandler(() => createWikiServer(session), { legacy: 'reject' });
  return await handler.fetch(request, { parsedBody: body });
}

async function serveLegacy(request: Request, body: unknown, session: Session): Promise<Response> {
  const transport = new WebStandardStreamableHTTPServerTransport({ enableJsonResponse: true });
  const server = createWikiServer(session);
  await server.connect(transport);
  try {
    return await transport.handleRequest(request, { parsedBody: body });
  } finally {
    await server.close();
  }
}

/** Undefined: no JSON. */
function parsed(bytes: Buffer): unknown {
  try {
    return JSON.parse(decodeUtf8(bytes) ?? '');
  } catch {
    return undefined;
  }
}

/** Every answer is JSON; the protocol has clients accept both. */
const ACCEPT = 'application/json, text/event-stream';
const TAKEN = /^(?:content-type|mcp-[a-z-]{1,60})$/;

/** Only what the protocol reads: whoever asks is known already, and the body is given apart. */
function webRequest(given: Readonly<Record<string, string>>): Request {
  const headers = new Headers({ accept: ACCEPT });
  for (const [name, value] of Object.entries(given))
    if (TAKEN.test(name) && /^[\t\x20-\x7e]*$/.test(value)) headers.set(name, value);
  return new Request('http://wiki.invalid/mcp', { method: 'POST', headers });
}

async function plain(response: Response): Promise<HttpResponse> {
  const headers: Record<string, string> = { 'cache-control': 'no-store' };
  const type = response.headers.get('content-type');
  if (type !== null) headers['content-type'] = type;
  return { status: response.status, headers, body: await response.text() };
}

function refused(code: number, message: string): HttpResponse {
  return json(400, { jsonrpc: '2.0', error: { code, message }, id: null }, { 'cache-control': 'no-store' });
}
