import type { Permits } from '../access.ts';
import { changeForbidden } from '../errors.ts';
import { displayPath, isPageFile } from '../name/page-path.ts';
import type { WikiSettings } from '../settings.ts';

/**
 * Refuses unless the caller may change the files at all these paths, whatever there is: pages need the right to write, others the
 * right to upload.
 * @throws KittiwakeError `forbidden`, naming those that the caller may read
 */
export function demandChange(permits: Permits, paths: readonly string[], settings: WikiSettings): void {
  if (permits.all) return;
  const refused = paths.filter(path => !permits.may(rightFor(path), path));
  if (refused[0] === undefined) return;
  const readable = refused.filter(path => permits.may('read', path));
  const names = readable.map(path => (isPageFile(path) ? displayPath(path, settings) : path));
  throw changeForbidden(rightFor(readable[0] ?? refused[0]), [...new Set(names)]);
}

function rightFor(path: string): 'write' | 'upload' {
  return isPageFile(path) ? 'write' : 'upload';
}
