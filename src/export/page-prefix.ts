import { cleanSlashes } from '../wiki/name/page-path.ts';
import type { WikiSettings } from '../wiki/settings.ts';

/** The prefix of files that a page path means: of the page and all below it. Undefined: everything. */
export function pagePrefix(
  path: string,
  { retainPageNameCase }: Pick<WikiSettings, 'retainPageNameCase'>,
): string | undefined {
  const prefix = cleanSlashes(path);
  if (prefix === '') return undefined;
  return retainPageNameCase ? prefix : prefix.toLowerCase();
}
