/** Errors of the server have an SQLSTATE: https://www.postgresql.org/docs/current/errcodes-appendix.html */

/** Whoever tries again may succeed: another transaction was in the way. */
export function isConflict(error: unknown): boolean {
  return hasCode(error, /^(40001|40P01|55P03|57014)$/);
}

/**
 * The connection is gone or was never made, for now: the server stops, starts, or has no room; the network is broken. What
 * was sent last may have been done.
 */
export function isLost(error: unknown): boolean {
  return (
    hasCode(error, /^(08...|57P0[1235]|53300|40003)$/) || hasCode(error, BROKEN) || hasMessage(error, LOST)
  );
}

/** Of the system. `ENOENT`: the socket of a server that is being started again. */
const BROKEN = /^(EAI_AGAIN|ECONN(ABORTED|REFUSED|RESET)|EHOSTUNREACH|ENETUNREACH|ENOENT|EPIPE|ETIMEDOUT)$/;

/** The driver gives these no code. */
const LOST =
  /^(Connection terminated|timeout exceeded when trying|Query read timeout|Client (has|was) .*not queryable)/;

/** A COMMIT that failed so has kept nothing, for good. After every other failure it is not known. */
export function isAbort(error: unknown): boolean {
  return hasCode(error, /^(23...|25P02|40(?!003)...)$/);
}

/** The server gave a transaction up in which nothing was asked for too long. */
export function isSilence(error: unknown): boolean {
  return hasCode(error, /^25P03$/);
}

/** There is no such table, or no such schema. */
export function isAbsent(error: unknown): boolean {
  return hasCode(error, /^(42P01|3F000)$/);
}

/** Of the error, or of any that caused it. */
function hasCode(error: unknown, codes: RegExp): boolean {
  return causes(error).some(
    cause => 'code' in cause && typeof cause.code === 'string' && codes.test(cause.code),
  );
}

function hasMessage(error: unknown, messages: RegExp): boolean {
  return causes(error).some(cause => messages.test(cause.message));
}

function causes(error: unknown): Error[] {
  return error instanceof Error ? [error, ...causes(error.cause)] : [];
}
