import { isPageFile, pageStem } from '../../wiki/name/page-path.ts';
import type { WikiEvent } from '../event/wiki-event.ts';

/**
 * The watches that an event concerns: of its page, of what lies below each page above, of the whole wiki. An attachment concerns
 * its page.
 */
export function watchedPaths(event: WikiEvent): string[] {
  const paths = new Set(pathsAbove(event.file));
  if (event.type === 'page_renamed') for (const path of pathsAbove(event.from)) paths.add(path);
  return [...paths];
}

function pathsAbove(file: string): string[] {
  const folders = file.split('/').slice(0, -1);
  const below = folders.map((_, index) => `${folders.slice(0, index + 1).join('/')}/`);
  const page = isPageFile(file) ? pageStem(file) : folders.join('/');
  return ['', ...below, ...(page === '' ? [] : [page])];
}
