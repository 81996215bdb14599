import { KittiwakeError } from '../core/errors.ts';

/** The configured ranges cannot be read; nothing is sent. */
export function rangeInvalid(range: string, setting: string): KittiwakeError {
  return new KittiwakeError(
    'config_invalid',
    `Reading ${setting}: ${JSON.stringify(range)} is no IP address or range, for example 10.1.0.0/16`,
    { data: { range } },
  );
}

/** @param url without user name and password, here and below */
export function remoteUrlRefused(url: string, reason: string): KittiwakeError {
  return new KittiwakeError('remote_url_refused', `Cannot use the repository "${url}": ${reason}`);
}

export function remoteUnreachable(url: string, reason: string, cause?: unknown): KittiwakeError {
  return new KittiwakeError('remote_unreachable', `Cannot use the repository "${url}": ${reason}`, { cause });
}

export function remoteDenied(url: string, status: number): KittiwakeError {
  return new KittiwakeError(
    'remote_denied',
    `Cannot use the repository "${url}": it wants other credentials (status ${status}): an import takes them in the URL (https://USER:TOKEN@host/…), a remote by name (docs/remotes.md)`,
  );
}

/** What it answered is none of what git knows. */
export function remoteFailed(url: string, reason: string): KittiwakeError {
  return new KittiwakeError('remote_failed', `Cannot use the repository "${url}": ${reason}`);
}

export function remoteTooLarge(url: string, maxBytes: number): KittiwakeError {
  return new KittiwakeError(
    'remote_too_large',
    `Cannot use the repository "${url}": it sends more than ${maxBytes} bytes, the limit here`,
    { data: { maxBytes } },
  );
}

/**
 * @param reason in its words, quoted
 * @param said what its hooks have printed
 */
export function remotePushRefused(url: string, reason: string, said: readonly string[]): KittiwakeError {
  const told = said.length === 0 ? '' : ` (${said.join(' ')})`;
  return new KittiwakeError('remote_push_refused', `Cannot push to "${url}": it refuses: ${reason}${told}`);
}
