import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { gather } from '../core/streams.ts';
import { answerTooLarge } from '../http/errors.ts';
import { type HttpRequest, type HttpResponse, json } from '../http/message.ts';

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
    peerAddress: http.sourceIp,
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

/** Of a body as it stands in the event: the platform takes 6 MB with everything around it. */
const MAX_EVENT_BYTES = 5_900_000;
/** Base64 makes four bytes of three. */
const MAX_BYTES = Math.floor((MAX_EVENT_BYTES * 3) / 4);

/** Git shows nobody what comes with another status. */
const GIT_FETCH = 'application/x-git-upload-pack-result';

/** The answer as an event. Bytes travel in base64, text as it is; what is too large is refused without being read. */
export async function resultOf(response: HttpResponse): Promise<APIGatewayProxyStructuredResultV2> {
  const { status: statusCode, headers, body } = response;
  const announced = Number(headers['content-length'] ?? 0);
  delete headers['content-length'];
  if (typeof body === 'string') {
    return isTooLong(body) ? refused(response, MAX_EVENT_BYTES) : { statusCode, headers, body };
  }
  const bytes = announced > MAX_BYTES ? undefined : await gather(body, MAX_BYTES);
  if (!bytes && headers['content-type'] === GIT_FETCH) {
    const { fetchTooLarge } = await import('../git-http/too-large.ts');
    return { statusCode, headers, body: fetchTooLarge(MAX_BYTES) };
  }
  if (!bytes) return refused(response, MAX_BYTES);
  return { statusCode, headers, body: bytes.toString('base64'), isBase64Encoded: true };
}

/** https://docs.aws.amazon.com/lambda/latest/dg/configuration-response-streaming.html */
const MAX_STREAMED_BYTES = 200_000_000;

/** The answer as it can be streamed: one that says that it is too large is refused without being read. */
export function withinPlatform(response: HttpResponse): HttpResponse {
  const { headers, body } = response;
  const announced = Number(headers['content-length'] ?? 0);
  delete headers['content-length'];
  const length = typeof body === 'string' || body instanceof Uint8Array ? body.length : announced;
  if (length <= MAX_STREAMED_BYTES) return response;
  const { statusCode = 422, headers: kept, body: text = '' } = refused(response, MAX_STREAMED_BYTES);
  return { status: statusCode, headers: kept as Record<string, string>, body: text };
}

/** A text is written out in JSON once more, where some characters take six bytes. */
function isTooLong(text: string): boolean {
  if (text.length * 6 <= MAX_EVENT_BYTES) return false;
  return Buffer.byteLength(JSON.stringify(text)) > MAX_EVENT_BYTES;
}

/** The refusal in place of an answer; what was to be said of its content goes with it. */
function refused({ headers }: HttpResponse, maxBytes: number): APIGatewayProxyStructuredResultV2 {
  const { code, message } = answerTooLarge(maxBytes);
  const { status, headers: own, body } = json(422, { error: message, code });
  const kept = Object.entries(headers).filter(
    ([name]) => !/^(?:content-(?:type|disposition)|etag)$/.test(name),
  );
  return { statusCode: status, headers: { ...Object.fromEntries(kept), ...own }, body: String(body) };
}
