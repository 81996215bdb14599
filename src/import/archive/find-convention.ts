import type { ArchiveOptions, ConventionName } from './archive-options.ts';
import type { Convention } from './convention.ts';
import type { FileList } from './file-list.ts';
import { notionConvention } from './notion/notion.ts';
import { obsidianConvention } from './obsidian/obsidian.ts';
import { isOutlineAttachment, outlineConvention } from './outline/outline.ts';
import { isPageName } from './page-name.ts';
import { plainConvention } from './plain.ts';

const NOTION_PAGE = / [0-9a-f]{32}\.md$/;
const SETTINGS = '.obsidian/app.json';

/** The convention that was asked for, or the one that the names of the files show. */
export async function findConvention(list: FileList, options: ArchiveOptions): Promise<Convention> {
  const { naming } = options;
  switch (options.convention ?? shownBy(list)) {
    case 'obsidian': {
      const root = vaultRoot(list) ?? '';
      return obsidianConvention(list, { root, attachments: await attachmentFolder(list, root), naming });
    }
    case 'notion':
      return notionConvention(list, naming);
    case 'outline':
      return outlineConvention(list, naming);
    default:
      return plainConvention(list);
  }
}

function shownBy(list: FileList): ConventionName {
  if (vaultRoot(list) !== undefined) return 'obsidian';
  let [pages, ofNotion, ofOutline] = [0, 0, 0];
  for (let file = 0; file < list.paths.count; file += 1) {
    const path = list.paths.at(file);
    if (isPageName(path)) {
      pages += 1;
      if (NOTION_PAGE.test(path)) ofNotion += 1;
    } else if (isOutlineAttachment(path)) ofOutline += 1;
  }
  if (ofNotion > 0 && ofNotion * 2 >= pages) return 'notion';
  return ofOutline > 0 ? 'outline' : 'plain';
}

/** The folder with `.obsidian` in it: the uppermost, with a slash at its end. */
function vaultRoot({ marks, paths }: FileList): string | undefined {
  const found = [...marks, ...(paths.find(SETTINGS) === undefined ? [] : [SETTINGS])]
    .map(path => /^(.*?)\.obsidian\//.exec(path)?.[1])
    .filter(root => root !== undefined && (root === '' || root.endsWith('/')));
  return found.sort((a = '', b = '') => a.length - b.length)[0];
}

/** `''` where the vault does not say: then it is its root. */
async function attachmentFolder(list: FileList, root: string): Promise<string> {
  const path = `${root}${SETTINGS}`;
  const file = list.paths.find(path);
  const bytes = await (file === undefined ? list.hidden(path) : list.read(file));
  try {
    const { attachmentFolderPath } = JSON.parse(bytes?.toString('utf8') ?? '{}');
    return typeof attachmentFolderPath === 'string' ? attachmentFolderPath : '';
  } catch {
    return '';
  }
}
