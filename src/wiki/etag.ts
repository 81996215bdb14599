import { createHash } from 'node:crypto';

/**
 * `"<blob>-<hash of the rest>"`: two answers with one ETag are identical, and the blob alone tells whether the file
 * is the same.
 * @param rest everything in the answer besides the file's content
 */
export function etagOf(blob: string, rest: unknown): string {
  const hash = createHash('sha256').update(JSON.stringify(rest)).digest('hex').slice(0, 16);
  return `"${blob}-${hash}"`;
}

/** Whether a list of ETags as in `If-None-Match` (RFC 9110, weak comparison) holds `etag`; `*` holds all. */
export function matchesEtag(header: string, etag: string): boolean {
  return tagsOf(header).some(tag => tag === '*' || tag === opaque(etag));
}

/**
 * Whether a list of ETags as in `If-Match` names a blob, alone or with the hash of an answer behind it. `*` names every
 * blob that there is. Weak ETags never match.
 */
export function matchesBlob(header: string, blob: string | undefined): boolean {
  if (blob === undefined) return false;
  return header
    .split(',')
    .map(part => part.trim())
    .some(part => part === '*' || opaque(part) === blob || opaque(part).startsWith(`${blob}-`));
}

function tagsOf(header: string): string[] {
  return header.split(',').map(part => opaque(part.trim().replace(/^W\//, '')));
}

function opaque(tag: string): string {
  return tag.replace(/^"|"$/g, '');
}
