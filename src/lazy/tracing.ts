import type { Socket } from 'node:dgram';
import type { Runtime } from '../core/runtime.ts';
import type { S3Call } from '../storage/s3/client.ts';

/** Before each document: https://docs.aws.amazon.com/xray/latest/devguide/xray-api-sendingdata.html#xray-api-daemon */
const HEAD = '{"format": "json", "version": 1}\n';

/** Something that took time in the course of an invocation. */
export interface Span {
  name: string;
  /** Milliseconds since the epoch. */
  startedMs: number;
  endedMs: number;
  /** X-Ray's, of that invocation. */
  header: string;
  /** Absent: it was an initialisation. */
  call?: S3Call;
}

export interface SendOptions {
  /** `ADDRESS:PORT`, UDP. */
  address: string;
  runtime: Pick<Runtime, 'randomBytes'>;
}

/**
 * Sends one subsegment for each span. Resolves when all have left this process, or cannot; nobody knows whether they arrive.
 * Leaves nothing open.
 */
export async function sendSpans(spans: readonly Span[], options: SendOptions): Promise<void> {
  const [, host, port] = /^\[?([\da-f.:]+)\]?:(\d+)$/i.exec(options.address) ?? [];
  if (host === undefined || Number(port) > 65_535) return;
  // By name, not by `import`: nothing of it is loaded where there are no traces.
  const { createSocket } = process.getBuiltinModule('node:dgram');
  const socket = createSocket(host.includes(':') ? 'udp6' : 'udp4');
  // An error that belongs to no datagram would else end the process.
  socket.on('error', () => {});
  try {
    const documents = spans.flatMap(span => documentOf(span, options));
    await Promise.all(documents.map(document => send(socket, document, Number(port), host)));
  } finally {
    socket.close();
  }
}

function send(socket: Socket, document: object, port: number, host: string): Promise<void> {
  return new Promise(resolve => socket.send(HEAD + JSON.stringify(document), port, host, () => resolve()));
}

/** https://docs.aws.amazon.com/xray/latest/devguide/xray-api-segmentdocuments.html; none without a parent to belong to. */
function documentOf(span: Span, { runtime }: SendOptions): object[] {
  const traceId = /(?:^|;)\s*Root=([\w-]+)/.exec(span.header)?.[1];
  const parentId = /(?:^|;)\s*Parent=([0-9a-f]{16})/.exec(span.header)?.[1];
  if (traceId === undefined || parentId === undefined) return [];
  return [
    {
      type: 'subsegment',
      name: span.name,
      id: runtime.randomBytes(8).toString('hex'),
      trace_id: traceId,
      parent_id: parentId,
      start_time: span.startedMs / 1000,
      end_time: span.endedMs / 1000,
      ...(span.call === undefined ? {} : callFields(span.call)),
    },
  ];
}

/** Of the key only the kind of the object: the rest may be a name that somebody chose. */
function callFields({ operation, key, status, attempt, receivedBytes, connected }: S3Call): object {
  const isThrottle = status === 429 || status === 503;
  return {
    namespace: 'aws',
    aws: { operation, retries: attempt - 1 },
    ...(status === undefined ? {} : { http: { response: { status, content_length: receivedBytes } } }),
    annotations: { object: key.split('/')[0] ?? '', connected },
    ...(status === undefined || status >= 500 ? { fault: true } : {}),
    ...(status !== undefined && status >= 400 && status < 500 ? { error: true } : {}),
    ...(isThrottle ? { throttle: true } : {}),
  };
}
