import type { PageText } from '../../src/projection/read-pages.ts';
import { pageText } from '../../src/wiki/markup/describe.ts';
import { readDocument } from '../../src/wiki/markup/frontmatter.ts';
import { decodeText } from '../../src/wiki/markup/text.ts';
import { displayName } from '../../src/wiki/name/page-path.ts';
import { DEFAULT_SETTINGS } from '../../src/wiki/settings.ts';

/** Name and text of a page as the wiki reads them. */
export const readPage: PageText = async (path, bytes) => {
  const content = decodeText(bytes);
  if (content === undefined) return undefined;
  const { name, body } = pageText(await readDocument(content), displayName(path, DEFAULT_SETTINGS));
  return { name: String(name), body };
};
