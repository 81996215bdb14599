import { urlInvalid } from './errors.ts';

/**
 * Decodes a part of a raw URL path, once.
 * @throws KittiwakeError `path_invalid`
 */
export function decodePath(raw: string): string {
  const decoded = decodePercent(raw);
  if (decoded === undefined) throw urlInvalid('it is not valid percent-encoded UTF-8');
  return refuseHidden(decoded);
}

/**
 * A page path as it is, unless it reads as a dangerous one when it is decoded (again): `%2e%2e`. Proxies in front, and the
 * wiki that this API comes from, decode once more than they should.
 * @throws KittiwakeError `path_invalid`
 */
export function refuseHidden(path: string): string {
  if (path.includes('%') && hidesDanger(path)) {
    throw urlInvalid('it is percent-encoded and hides a segment that is not allowed');
  }
  return path;
}

/** Percent-decoding of UTF-8; undefined for broken escapes and invalid UTF-8. */
export function decodePercent(raw: string): string | undefined {
  if (!raw.includes('%')) return raw.isWellFormed() ? raw : undefined;
  try {
    const decoded = decodeURIComponent(raw);
    return decoded.isWellFormed() ? decoded : undefined;
  } catch {
    return undefined;
  }
}

function hidesDanger(name: string): boolean {
  let again = name;
  for (let depth = 0; depth < 4; depth++) {
    const next = decodePercent(again);
    if (next === undefined || next === again) break;
    again = next;
  }
  return again !== name && again.split(/[/\\]/).some(isDangerous);
}

function isDangerous(segment: string): boolean {
  if (segment === '.' || segment === '..' || segment.toLowerCase() === '.git') return true;
  for (let index = 0; index < segment.length; index++) {
    const unit = segment.charCodeAt(index);
    if (unit < 0x20 || unit === 0x7f) return true;
  }
  return false;
}
