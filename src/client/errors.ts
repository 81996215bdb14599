/** What a client failed with: a refusal of the server, or that there was no answer. No message holds a secret. */
export class KittiwakeClientError extends Error {
  /** The server's code (`revision_mismatch`), or one of the client's own: `network_failed`, `timed_out`, `answer_invalid`. */
  readonly code: string;
  /** HTTP status of the answer; 0: there was none. */
  readonly status: number;
  /** The other fields of the refusal, such as `current_revision`, `diff` and `hunks`. */
  readonly data: Readonly<Record<string, unknown>>;
  /** Ties a fault of the server to its log. */
  readonly requestId: string | undefined;
  /** The same call may well succeed later. */
  readonly retryable: boolean;
  /** Of a write: the same call with this key is carried out once, within 24 hours. */
  readonly idempotencyKey: string | undefined;

  constructor(code: string, message: string, details: ErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.name = 'KittiwakeClientError';
    this.code = code;
    this.status = details.status ?? 0;
    this.data = details.data ?? {};
    this.requestId = details.requestId;
    this.retryable = details.retryable ?? false;
    this.idempotencyKey = details.idempotencyKey;
  }
}

export interface ErrorDetails {
  status?: number;
  data?: Readonly<Record<string, unknown>>;
  requestId?: string | undefined;
  retryable?: boolean;
  idempotencyKey?: string | undefined;
  cause?: unknown;
}

/** `code` undefined: any error of a client. */
export function isClientError(error: unknown, code?: string): error is KittiwakeClientError {
  return error instanceof KittiwakeClientError && (code === undefined || error.code === code);
}

/** `what` must not quote a secret. */
export function optionsInvalid(what: string): KittiwakeClientError {
  return new KittiwakeClientError('options_invalid', `Making a client needs ${what}`);
}

export function pathRefused(name: string, what: string): KittiwakeClientError {
  return new KittiwakeClientError('path_invalid', `Invalid ${name}: ${what}`, { status: 422 });
}

export function networkFailed(endpoint: string, cause: unknown): KittiwakeClientError {
  const message = `Asking ${endpoint} failed: there was no answer`;
  return new KittiwakeClientError('network_failed', message, { retryable: true, cause });
}

export function timedOut(endpoint: string, timeoutMs: number): KittiwakeClientError {
  const message = `Asking ${endpoint} failed: there was no answer within ${Math.round(timeoutMs)} ms`;
  return new KittiwakeClientError('timed_out', message, { retryable: true });
}

/** What was to be JSON is none: something in between cut it off, or answered in place of the server. */
export function answerInvalid(
  endpoint: string,
  status: number,
  details: ErrorDetails = {},
): KittiwakeClientError {
  const message = `Asking ${endpoint} failed: the answer, of status ${status}, is not one of the API`;
  const retryable = status < 400 || isPassing(status);
  return new KittiwakeClientError('answer_invalid', message, { ...details, status, retryable });
}

/** The write may have happened. */
export function outcomeUnknown(
  endpoint: string,
  key: string,
  cause: KittiwakeClientError,
): KittiwakeClientError {
  return new KittiwakeClientError(
    'outcome_unknown',
    `Asking ${endpoint} failed: it is not known whether the change was written; call again with the idempotency key ${JSON.stringify(key)} (${cause.code})`,
    { status: cause.status, requestId: cause.requestId, retryable: true, idempotencyKey: key, cause },
  );
}

/** Statuses of what may be otherwise in a moment. */
export function isPassing(status: number): boolean {
  return [429, 500, 502, 503, 504].includes(status);
}

/** Others were first as often as the caller allows. */
export function updateOvertaken(attempts: number, cause?: KittiwakeClientError): KittiwakeClientError {
  const message = `Updating failed: others changed the page each of ${attempts} times`;
  const details = { status: cause?.status ?? 409, data: cause?.data ?? {}, retryable: true, cause };
  return new KittiwakeClientError('update_overtaken', message, details);
}

export function importFailed(state: string, data: Readonly<Record<string, unknown>>): KittiwakeClientError {
  return new KittiwakeClientError('import_failed', `Importing ended as ${state}`, { data });
}
