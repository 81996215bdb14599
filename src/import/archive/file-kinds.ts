import type { ArchiveOptions } from './archive-options.ts';
import type { Convention } from './convention.ts';
import type { FileList } from './file-list.ts';
import { isPageName } from './page-name.ts';
import { PageNeighbourhood } from './page-neighbourhood.ts';

export const LEFT = 0;
export const PAGE = 1;
export const ATTACHMENT = 2;

/** What each file becomes, by number; what is left out is told in the list. */
export function kindsOf(
  list: FileList,
  convention: Convention,
  attachments: NonNullable<ArchiveOptions['attachments']>,
): Uint8Array {
  const near = attachments === 'beside' ? new PageNeighbourhood(pathsOf(list)) : undefined;
  const belongs = (path: string) =>
    attachments === 'all' || near?.belongs(path) === true || convention.keeps?.(path) === true;
  const reason = attachments === 'none' ? 'not a page' : 'not beside a page';
  const kinds = new Uint8Array(list.paths.count);
  for (const file of list.paths.sorted()) {
    const path = list.paths.at(file);
    if (list.refusal(file) !== undefined) kinds[file] = ATTACHMENT;
    else if (isPageName(path)) kinds[file] = PAGE;
    else if (attachments !== 'none' && belongs(path)) kinds[file] = ATTACHMENT;
    else list.left.add(path, reason);
  }
  return kinds;
}

function pathsOf({ paths }: FileList): Iterable<string> {
  return {
    *[Symbol.iterator]() {
      for (let file = 0; file < paths.count; file += 1) yield paths.at(file);
    },
  };
}
