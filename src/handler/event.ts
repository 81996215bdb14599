import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import type { HttpRequest, HttpResponse } from '../http/message.ts';

/**
 * The request in an event of a function URL or an HTTP API (payload format 2.0). An HTTP API delivers the path
 * decoded, a function URL as it was sent; what was decoded is encoded again, so that it is decoded once in all.
 */
export function requestOf(event: APIGatewayProxyEventV2, deadlineMs: number): HttpRequest {
  const { http, domainName, stage } = event.requestContext;
  const isFunctionUrl = /\.lambda-url\.[a-z0-9-]+\.on\.aws$/.test(domainName);
  const prefix = `/${stage}`;
  const isStaged =
    stage !== '$default' && (event.rawPath === prefix || event.rawPath.startsWith(`${prefix}/`));
  const path = isStaged ? event.rawPath.slice(prefix.length) : event.rawPath;
  return {
    method: http.method,
    path: isFunctionUrl ? path : encodePath(path),
    // A function URL hands a `+` of the query on as a space; either stands for a space.
    query: event.rawQueryString.replaceAll(' ', '+'),
    headers: headersOf(event),
    body: Buffer.from(event.body ?? '', event.isBase64Encoded ? 'base64' : 'utf8'),
    deadlineMs,
  };
}

function encodePath(decoded: string): string {
  return decoded.toWellFormed().split('/').map(encodeURIComponent).join('/');
}

function headersOf(event: APIGatewayProxyEventV2): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(event.headers)) {
    if (value !== undefined) headers[name.toLowerCase()] = value;
  }
  // The length of the body as the platform received it says nothing of the event's.
  delete headers['content-length'];
  return headers;
}

/** The answer as an event. Bytes travel in base64, text as it is. */
export async function resultOf(response: HttpResponse): Promise<APIGatewayProxyStructuredResultV2> {
  const { status: statusCode, headers, body } = response;
  delete headers['content-length'];
  if (typeof body === 'string') return { statusCode, headers, body };
  const bytes = body instanceof Uint8Array ? Buffer.from(body) : await collect(body);
  return { statusCode, headers, body: bytes.toString('base64'), isBase64Encoded: true };
}

async function collect(body: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of body) chunks.push(chunk);
  return Buffer.concat(chunks);
}
