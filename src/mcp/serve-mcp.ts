import {
  createMcpHandler,
  isLegacyRequest,
  WebStandardStreamableHTTPServerTransport,
} from '@modelcontextprotocol/server';
import { decodeUtf8 } from '../core/bytes.ts';
import { type HttpResponse, json } from '../http/message.ts';
import type { Context } from '../http/route.ts';
import { checkOrigin } from './origin.ts';
import type { Session } from './session.ts';
import { createWikiServer } from './wiki-server.ts';

const PARSE_ERROR = {
  jsonrpc: '2.0',
  error: { code: -32_700, message: 'Parse error: the body is not JSON' },
  id: null,
};

/**
 * The Model Context Protocol over Streamable HTTP, without sessions: revision 2026-07-28, and those of 2025, whose clients send no
 * `_meta` with each request. Every request has a server of its own, which knows its caller.
 * @throws KittiwakeError `cross_site`, `body_too_large`, `body_cut`
 */
export async function serveMcp(context: Context): Promise<HttpResponse> {
  await checkOrigin(context);
  const body = parsed(await context.body());
  if (body === undefined) return json(400, PARSE_ERROR);
  const request = webRequest(context);
  const session = sessionOf(context);
  const isLegacy = await isLegacyRequest(request, body);
  return plain(
    isLegacy ? await serveLegacy(request, body, session) : await serveModern(request, body, session),
  );
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

function sessionOf({ services, principal, request }: Context): Session {
  return {
    services,
    principal,
    deadlineMs: request.deadlineMs,
    report: () => request.id ?? '',
  };
}

/** Undefined: no JSON. */
function parsed(bytes: Buffer): unknown {
  try {
    return JSON.parse(decodeUtf8(bytes) ?? '');
  } catch {
    return undefined;
  }
}

/** Only what the protocol reads: whoever asks is known already, and the body is given apart. */
function webRequest({ request }: Context): Request {
  const headers = new Headers();
  for (const [name, value] of Object.entries(request.headers))
    if (/^(?:accept|content-type|mcp-.*)$/.test(name)) headers.set(name, value);
  return new Request('http://wiki.invalid/mcp', { method: 'POST', headers });
}

async function plain(response: Response): Promise<HttpResponse> {
  const headers: Record<string, string> = {};
  for (const name of ['content-type', 'allow']) {
    const value = response.headers.get(name);
    if (value !== null) headers[name] = value;
  }
  headers['cache-control'] = 'no-store';
  return { status: response.status, headers, body: await response.text() };
}
