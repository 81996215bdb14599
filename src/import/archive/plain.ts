import type { Convention } from './convention.ts';
import type { FileList } from './file-list.ts';
import { isPageName, pageNameStem } from './page-name.ts';

/** Files as they are: links are left alone. */
export function plainConvention({ paths }: Pick<FileList, 'paths'>): Convention {
  return { name: 'plain', target: file => targetOf(paths.at(file)) };
}

/** With `.md` where it is Markdown. */
export function targetOf(path: string): string {
  return isPageName(path) ? `${pageNameStem(path)}.md` : path;
}
