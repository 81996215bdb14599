import { addressOf, type Values } from './address.ts';
import type { Reply } from './attempt.ts';
import type { AnswerOf, CallArguments, Endpoint } from './endpoint.ts';
import { KEYED_WRITES } from './endpoints.ts';
import type { Settings } from './options.ts';
import { type Safety, send } from './retry.ts';

/** How one call is made. */
export interface CallOptions {
  /** Ends the call, with the signal's reason. */
  signal?: AbortSignal | undefined;
  /** Of a write: 1 to 255 printable ASCII characters. Default: one of its own for each call. */
  idempotencyKey?: string | undefined;
  /** Default: those of the client. */
  timeoutMs?: number | undefined;
  deadlineMs?: number | undefined;
  headers?: Readonly<Record<string, string>> | undefined;
}

/** An answer with what came beside it. */
export interface Answered<Data> {
  readonly data: Data;
  /** 200 or 201; 304: what `If-None-Match` names still holds, and `data` is undefined. */
  readonly status: number;
  readonly headers: Headers;
  /** The key that a write was sent with. */
  readonly idempotencyKey: string | undefined;
}

/** What the calls of a client are made of. */
export interface Requester {
  /**
   * Asks an operation, typed by the OpenAPI document. What fails without harm is tried again; a write has an idempotency
   * key over all of its attempts.
   * @throws KittiwakeClientError the refusal; `network_failed`, `timed_out`, `answer_invalid`, `outcome_unknown`,
   *   `path_invalid`
   */
  request<E extends Endpoint>(
    endpoint: E,
    ...call: CallArguments<E, CallOptions>
  ): Promise<Answered<AnswerOf<E>>>;
  /** The same for answers that are no JSON: resolves with the answer as it begins. Its body is still to be read, for which there is no time-out. */
  open<E extends Endpoint>(endpoint: E, ...call: CallArguments<E, CallOptions>): Promise<Response>;
}

interface AnyCall extends CallOptions {
  params?: Values;
  query?: Values;
  body?: unknown;
}

/** The slowest transfer that is waited for: 100 kB a second. */
const BYTES_A_MS = 100;

export function createRequester(settings: Settings): Requester {
  return {
    async request(endpoint, ...[call]) {
      const { reply, key } = await ask(endpoint, call ?? {}, false, settings);
      const { status, headers, data } = reply;
      return { data: data as never, status, headers, idempotencyKey: key };
    },
    async open(endpoint, ...[call]) {
      const { reply } = await ask(endpoint, call ?? {}, true, settings);
      return reply.response;
    },
  };
}

async function ask(
  endpoint: Endpoint,
  call: AnyCall,
  streams: boolean,
  settings: Settings,
): Promise<{ reply: Reply; key: string | undefined }> {
  const { params, query, signal } = call;
  const url = addressOf(settings.baseUrl, endpoint, params, query);
  const method = endpoint.slice(0, endpoint.indexOf(' '));
  const safety = safetyOf(endpoint, method, call);
  const { body, type } = encoded(call.body);
  const headers = await headersOf(settings, call, safety, type);
  const outgoing = { endpoint, method, url, headers, body, streams, signal };
  const reply = await send(outgoing, safety, patient(settings, call, body));
  return { reply, key: safety.key };
}

function safetyOf(endpoint: Endpoint, method: string, { idempotencyKey }: AnyCall): Safety {
  if (method === 'GET') return { repeatable: true, key: undefined };
  const key = KEYED_WRITES.has(endpoint) ? (idempotencyKey ?? randomKey()) : undefined;
  return { repeatable: key !== undefined, key };
}

async function headersOf(
  settings: Settings,
  { headers }: AnyCall,
  { key }: Safety,
  type: string | undefined,
): Promise<Record<string, string>> {
  const authorization = await settings.authorization();
  return {
    ...(authorization === undefined ? {} : { authorization }),
    ...(type === undefined ? {} : { 'content-type': type }),
    ...(key === undefined ? {} : { 'idempotency-key': key }),
    ...headers,
  };
}

/** A body stays the same over all attempts: the server compares it. */
function encoded(body: unknown): { body: string | Blob | undefined; type: string | undefined } {
  if (body === undefined) return { body, type: undefined };
  // A type of its own could be one that is read as JSON.
  if (body instanceof Blob) return { body, type: 'application/octet-stream' };
  return { body: JSON.stringify(body), type: 'application/json' };
}

function patient(settings: Settings, call: AnyCall, body: string | Blob | undefined): Settings {
  const transferMs = (body instanceof Blob ? body.size : (body?.length ?? 0)) / BYTES_A_MS;
  const timeoutMs = (call.timeoutMs ?? settings.timeoutMs) + transferMs;
  return { ...settings, timeoutMs, deadlineMs: (call.deadlineMs ?? settings.deadlineMs) + transferMs };
}

/** Unlike `crypto.randomUUID`, also on pages that were not loaded over HTTPS. */
function randomKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, byte => byte.toString(16).padStart(2, '0')).join('');
}
