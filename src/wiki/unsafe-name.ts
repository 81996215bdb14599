/**
 * Why a name must not become an entry of a git tree, or undefined. It would be taken for `.git`, for a parent or for a
 * separator by some file system that a clone may land on. The look-alikes are those of git itself (`is_ntfs_dotgit`
 * and `is_hfs_dotgit`).
 */
export function unsafeName(name: string): string | undefined {
  if (name === '') return 'a part of it is empty';
  if (CONTROL.test(name)) return 'it holds a control character';
  if (!name.isWellFormed()) return 'it is not valid Unicode';
  for (const part of name.split('\\')) {
    if (part === '.' || part === '..') return `"${part}" is no name`;
    if (isDotGit(part)) return 'a part of it stands for ".git"';
  }
  return undefined;
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what it looks for
const CONTROL = /[\0-\x1f\x7f-\x9f]/;

/** What HFS+ leaves out when it compares names. */
const HFS_IGNORED = /[\u200c-\u200f\u202a-\u202e\u206a-\u206f\ufeff]/g;

/** `.git`, its short name on NTFS, then anything NTFS drops, then the end or the name of a stream. */
const NTFS_DOT_GIT = /^(?:\.git|git~[0-9]+)[. ]*(?::|$)/i;

function isDotGit(part: string): boolean {
  return NTFS_DOT_GIT.test(part.replace(HFS_IGNORED, ''));
}
