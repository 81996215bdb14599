import { monotonicMs, type Runtime } from '../../core/runtime.ts';
import type { Body } from '../byte-store.ts';
import type { BucketAddress } from './address.ts';
import type { CredentialSource } from './credential-source.ts';
import type { Credentials } from './credentials.ts';
import { pauseBetween } from './pause.ts';
import { hashBody } from './payload-hash.ts';
import { encodePath, encodeQuery, type Signer } from './signer.ts';
import { type HttpAnswer, type Transport, TransportFailure } from './transport.ts';
import { textOf } from './xml.ts';

/** One request that went out, for logs and metrics. */
export interface S3Call {
  /** `get`, `put`, `list`, … */
  operation: string;
  /** As the caller of the store knows it; empty for calls about the bucket. */
  key: string;
  /** Absent: there was no answer. */
  status: number | undefined;
  /** 1 for the first. */
  attempt: number;
  /** Of the body. */
  sentBytes: number;
  receivedBytes: number;
  /** As `monotonicMs` tells it. */
  startedMs: number;
  durationMs: number;
  /** A connection was made for it. */
  connected: boolean;
}

export interface S3Request {
  operation: string;
  /** For `onCall`. */
  key: string;
  method: 'GET' | 'HEAD' | 'PUT' | 'POST' | 'DELETE';
  /** Name of the object, with the prefix. Absent: the request is about the bucket. */
  object?: string;
  query?: readonly (readonly [string, string])[];
  headers?: Readonly<Record<string, string>>;
  body?: Body;
  /** SHA-256 of the body. Default: computed. */
  payloadHash?: string;
  /** May be sent again whatever came of it. */
  repeatable: boolean;
  signal?: AbortSignal | undefined;
}

export interface S3ClientOptions {
  address: BucketAddress;
  credentials: CredentialSource;
  signer: Signer;
  transport: Pick<Transport, 'send'>;
  runtime: Runtime;
  onCall?: ((call: S3Call) => void) | undefined;
}

const MAX_ATTEMPTS = 3;

/**
 * Signs and sends requests. What may be repeated is sent up to three times, after network errors, 5xx and 429; what may not,
 * again only when nothing of it had left. An answer that says that the credentials have expired renews them once.
 */
export class S3Client {
  readonly #options: S3ClientOptions;

  #underWay = 0;
  #onIdle: (() => void)[] = [];

  constructor(options: S3ClientOptions) {
    this.#options = options;
  }

  /** Any answer, also of a failure. @throws TransportFailure, KittiwakeError `storage_credentials` */
  async call(request: S3Request): Promise<HttpAnswer> {
    this.#underWay += 1;
    try {
      return await this.#call(request);
    } finally {
      this.#underWay -= 1;
      if (this.#underWay === 0) for (const resolve of this.#onIdle.splice(0)) resolve();
    }
  }

  /** Resolves when no call is under way. */
  idle(): Promise<void> {
    if (this.#underWay === 0) return Promise.resolve();
    return new Promise(resolve => this.#onIdle.push(resolve));
  }

  async #call(request: S3Request): Promise<HttpAnswer> {
    const { credentials, runtime } = this.#options;
    let hasRenewed = false;
    let sent = false;
    for (let attempt = 1; ; attempt += 1) {
      const signed = await credentials.get();
      const outcome = await this.#send(request, signed, attempt);
      const isLast = attempt >= MAX_ATTEMPTS || request.signal?.aborted === true;
      if (outcome instanceof TransportFailure) {
        sent ||= outcome.sent;
        if (isLast || (outcome.sent && !request.repeatable)) {
          throw sent === outcome.sent ? outcome : new TransportFailure(outcome.message, sent, outcome.cause);
        }
      } else if (isExpired(outcome) && !hasRenewed) {
        hasRenewed = true;
        credentials.forget(signed);
        continue;
      } else if (isLast || !request.repeatable || !isPassing(outcome)) return outcome;
      else sent = true;
      await pauseBetween(runtime, attempt, request.signal);
    }
  }

  async #send(
    request: S3Request,
    credentials: Credentials,
    attempt: number,
  ): Promise<HttpAnswer | TransportFailure> {
    const { address, signer, transport, runtime } = this.#options;
    const { method, object, query = [], body = [], signal } = request;
    const path = object === undefined ? address.path || '/' : `${address.path}/${encodePath(object)}`;
    const signable = { method, path, query, headers: { ...request.headers, host: address.host } };
    const hash = request.payloadHash ?? hashBody(body);
    const headers = signer.headers(signable, hash, credentials, runtime.now());
    const sentBytes = body.reduce((sum, part) => sum + part.length, 0);
    if (method === 'PUT' || method === 'POST') headers['content-length'] = String(sentBytes);
    const target = query.length === 0 ? path : `${path}?${encodeQuery(query)}`;
    const startedMs = monotonicMs();
    const outcome = await transport
      .send({ method, path: target, headers, body, signal })
      .catch((error: unknown) => asFailure(error));
    this.#tell(request, attempt, sentBytes, startedMs, outcome);
    return outcome;
  }

  #tell(
    { operation, key }: S3Request,
    attempt: number,
    sentBytes: number,
    startedMs: number,
    outcome: HttpAnswer | TransportFailure,
  ): void {
    const { onCall } = this.#options;
    if (onCall === undefined) return;
    const durationMs = monotonicMs() - startedMs;
    const call = { operation, key, attempt, sentBytes, startedMs, durationMs };
    if (outcome instanceof TransportFailure) {
      onCall({ ...call, status: undefined, receivedBytes: 0, connected: false });
    } else {
      const { status, bytes, connected } = outcome;
      onCall({ ...call, status, receivedBytes: bytes.length, connected });
    }
  }
}

function asFailure(error: unknown): TransportFailure {
  return error instanceof TransportFailure ? error : new TransportFailure('sending failed', false, error);
}

/** The other side may do better in a moment. */
function isPassing({ status, bytes }: HttpAnswer): boolean {
  if (status === 400) return textOf(bytes.toString(), 'Code') === 'RequestTimeout';
  return status === 429 || (status >= 500 && status !== 501 && status !== 505);
}

function isExpired({ status, bytes }: HttpAnswer): boolean {
  if (status !== 400 && status !== 403) return false;
  return ['ExpiredToken', 'ExpiredTokenException'].includes(textOf(bytes.toString(), 'Code') ?? '');
}
