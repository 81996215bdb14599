import type { HttpRequest } from './message.ts';

/**
 * If-Match where an ETag is a revision that is a number: the revision; `any` for `*`; -1, which none ever is, for all else.
 * Undefined: the header is absent.
 */
export function matchedRevision({ headers }: HttpRequest): number | 'any' | undefined {
  const wanted = headers['if-match']?.trim();
  if (wanted === undefined) return undefined;
  const [, revision] = /^(?:W\/)?"(\d{1,15})"$/.exec(wanted) ?? [];
  return wanted === '*' ? 'any' : Number(revision ?? -1);
}
