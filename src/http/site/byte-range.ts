import type { ByteRange } from '../../projection/site/published-objects.ts';

/**
 * One range of bytes with a start (RFC 9110, 14.1.2). Several ranges, suffixes and other units are left out, as a server may: the
 * answer is the whole then.
 */
export function parseByteRange(header: string | undefined): ByteRange | undefined {
  const match = /^bytes=(\d{1,15})-(\d{1,15})?$/.exec(header ?? '');
  if (match === null) return undefined;
  const start = Number(match[1]);
  const end = match[2] === undefined ? Number.MAX_SAFE_INTEGER : Number(match[2]) + 1;
  return end > start ? { start, end } : undefined;
}
