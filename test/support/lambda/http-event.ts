import { randomBytes, randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { FUNCTION_REGION } from './function-process.ts';

/** What stands in front of the function. */
export type FrontKind = 'function-url' | 'http-api';

const ID = 'kittiwakelambdatest';
const DOMAINS: Record<FrontKind, string> = {
  'function-url': `${ID}.lambda-url.${FUNCTION_REGION}.on.aws`,
  'http-api': `${ID}.execute-api.${FUNCTION_REGION}.amazonaws.com`,
};
/** Of one connection only, or told elsewhere in the event. */
const OWN_HEADERS = ['connection', 'keep-alive', 'transfer-encoding', 'upgrade', 'te', 'expect', 'cookie'];
/** Whatever else a body is announced as, forms and nothing at all included, travels in base64. */
const TEXT_TYPES = /^(?:text\/.*|application\/(?:json|xml|javascript))$/i;

/**
 * The event of a request in payload format 2.0: https://docs.aws.amazon.com/lambda/latest/dg/urls-invocation.html. A function URL
 * hands the path on as it was sent and a `+` of the query as a space; an HTTP API decodes the path.
 */
export function eventOf(kind: FrontKind, message: IncomingMessage, body: Buffer): APIGatewayProxyEventV2 {
  const [path = '/', ...rest] = (message.url ?? '/').split('?');
  const query = rest.join('?');
  const rawPath = kind === 'http-api' ? decoded(path) : path;
  const cookies = message.headers.cookie?.split(/; */);
  return {
    version: '2.0',
    routeKey: '$default',
    rawPath,
    rawQueryString: kind === 'function-url' ? query.replaceAll('+', ' ') : query,
    ...(cookies === undefined ? {} : { cookies }),
    headers: headersOf(kind, message),
    ...(query === '' ? {} : { queryStringParameters: parametersOf(query) }),
    requestContext: contextOf(kind, message, rawPath),
    ...bodyOf(message, body),
  };
}

function headersOf(kind: FrontKind, message: IncomingMessage): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const [name, values = []] of Object.entries(message.headersDistinct)) {
    if (!OWN_HEADERS.includes(name)) headers[name] = values.join(',');
  }
  return {
    ...headers,
    host: DOMAINS[kind],
    'x-forwarded-for': message.socket.remoteAddress ?? '',
    'x-forwarded-port': '443',
    'x-forwarded-proto': 'https',
    'x-amzn-trace-id': `Root=1-${Math.floor(Date.now() / 1000).toString(16)}-${randomBytes(12).toString('hex')}`,
  };
}

function parametersOf(query: string): Record<string, string> {
  const parameters: Record<string, string> = {};
  for (const [name, value] of new URLSearchParams(query)) {
    parameters[name] = name in parameters ? `${parameters[name]},${value}` : value;
  }
  return parameters;
}

function contextOf(
  kind: FrontKind,
  message: IncomingMessage,
  path: string,
): APIGatewayProxyEventV2['requestContext'] {
  const now = new Date();
  return {
    accountId: kind === 'function-url' ? 'anonymous' : '123456789012',
    apiId: ID,
    domainName: DOMAINS[kind],
    domainPrefix: ID,
    http: {
      method: message.method ?? 'GET',
      path,
      protocol: 'HTTP/1.1',
      sourceIp: message.socket.remoteAddress ?? '',
      userAgent: message.headers['user-agent'] ?? '',
    },
    requestId: randomUUID(),
    routeKey: '$default',
    stage: '$default',
    time: timeOf(now),
    timeEpoch: now.getTime(),
  };
}

function bodyOf(message: IncomingMessage, body: Buffer): { body?: string; isBase64Encoded: boolean } {
  if (body.length === 0) return { isBase64Encoded: false };
  const type = (message.headers['content-type'] ?? '').replace(/;.*/s, '').trim();
  const isText = TEXT_TYPES.test(type) && message.headers['content-encoding'] === undefined;
  return { body: body.toString(isText ? 'utf8' : 'base64'), isBase64Encoded: !isText };
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}

/** `12/Mar/2026:19:03:58 +0000` */
function timeOf(now: Date): string {
  const [, day, month, year, time] = now.toUTCString().split(' ');
  return `${day}/${month}/${year}:${time} +0000`;
}
