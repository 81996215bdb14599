/**
 * The one base class of every error a user can meet. `code` is stable and documented; the HTTP layer maps it
 * to a status (`http/status.ts`). Messages start with the action, quote values, say the current and the wanted
 * state, and end without a period. `data` holds what a program may need from the message.
 */
export class KittiwakeError extends Error {
  readonly code: string;
  readonly data: Readonly<Record<string, unknown>>;

  constructor(
    code: string,
    message: string,
    options: { data?: Record<string, unknown> | undefined; cause?: unknown } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'KittiwakeError';
    this.code = code;
    this.data = options.data ?? {};
  }
}

/** True for a {@link KittiwakeError}, of the given code when one is named. */
export function isKittiwakeError(error: unknown, code?: string): error is KittiwakeError {
  return error instanceof KittiwakeError && (code === undefined || error.code === code);
}

/** The same error with a message that names the stored object it is about. What names one already is returned as it is. */
export function withKey(error: unknown, key: string): unknown {
  if (!isKittiwakeError(error) || error.data.key !== undefined) return error;
  const data = { ...error.data, key };
  return new KittiwakeError(error.code, `Reading "${key}": ${error.message}`, { data, cause: error });
}
