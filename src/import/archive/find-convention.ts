import type { ArchiveOptions, ConventionName } from './archive-options.ts';
import type { Convention } from './convention.ts';
import type { FileList } from './file-list.ts';
import { obsidianConvention } from './obsidian/obsidian.ts';
import { plainConvention } from './plain.ts';

const SETTINGS = '.obsidian/app.json';

/** The convention that was asked for, or the one that the names of the files show. */
export async function findConvention(list: FileList, options: ArchiveOptions): Promise<Convention> {
  const { naming } = options;
  switch (options.convention ?? shownBy(list)) {
    case 'obsidian': {
      const root = vaultRoot(list) ?? '';
      return obsidianConvention(list, { root, attachments: await attachmentFolder(list, root), naming });
    }
    default:
      return plainConvention(list);
  }
}

function shownBy(list: FileList): ConventionName {
  if (vaultRoot(list) !== undefined) return 'obsidian';
  return 'plain';
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
