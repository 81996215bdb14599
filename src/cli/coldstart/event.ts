import { readFileSync } from 'node:fs';
import { optionInvalid } from '../errors.ts';
import { writeNotAllowed } from './errors.ts';
import type { Variables } from './marker.ts';

/** Makes the event, in JSON. */
export type EventSource = (variables: Variables) => string;

/** A GET of the health page as a function URL delivers it. Where the function has a front, the request says that it came through it. */
export const healthEvent: EventSource = ({ KITTIWAKE_ORIGIN_SECRET: secret }) => {
  const path = '/api/v1/health';
  const headers = secret === undefined ? {} : { 'x-kittiwake-origin': secret };
  return JSON.stringify({
    version: '2.0',
    routeKey: '$default',
    rawPath: path,
    rawQueryString: '',
    headers: { host: 'coldstart.lambda-url.us-east-1.on.aws', accept: '*/*', ...headers },
    requestContext: {
      accountId: 'anonymous',
      apiId: 'coldstart',
      domainName: 'coldstart.lambda-url.us-east-1.on.aws',
      domainPrefix: 'coldstart',
      http: { method: 'GET', path, protocol: 'HTTP/1.1', sourceIp: '127.0.0.1', userAgent: 'kittiwake' },
      requestId: 'coldstart',
      routeKey: '$default',
      stage: '$default',
      time: '01/Jan/2026:00:00:00 +0000',
      timeEpoch: 1_767_225_600_000,
    },
    isBase64Encoded: false,
  });
};

/**
 * The event of a file, as it is. What is no GET or HEAD may change something, and is sent with every sample.
 * @throws KittiwakeError `usage`, which quotes nothing of the file
 */
export function fileEvent(file: string, allowsWrites: boolean): EventSource {
  const { text, event } = readEvent(file);
  const method = event?.requestContext?.http?.method;
  if (method !== 'GET' && method !== 'HEAD' && !allowsWrites) throw writeNotAllowed(file);
  return () => text;
}

interface MaybeHttpEvent {
  requestContext?: { http?: { method?: unknown } | null } | null;
}

function readEvent(file: string): { text: string; event: MaybeHttpEvent | null } {
  try {
    const text = readFileSync(file, 'utf8');
    return { text, event: JSON.parse(text) };
  } catch {
    throw optionInvalid('--event', file, 'a file of JSON that can be read');
  }
}
