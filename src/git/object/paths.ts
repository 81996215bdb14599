/** `docs/a/b.md` → folder `docs/a`, name `b.md`. The root's children have folder `''`. */
export function splitPath(path: string): { folder: string; name: string } {
  const slash = path.lastIndexOf('/');
  return { folder: slash < 0 ? '' : path.slice(0, slash), name: path.slice(slash + 1) };
}

/** The inverse of {@link splitPath}. */
export function joinPath(folder: string, name: string): string {
  return folder === '' ? name : `${folder}/${name}`;
}

/** Order of paths and names: by their UTF-8 bytes, which is the order of their code points. */
export function comparePaths(a: string, b: string): number {
  if (a === b) return 0;
  const length = Math.min(a.length, b.length);
  for (let index = 0; index < length; index += 1) {
    const [left, right] = [a.charCodeAt(index), b.charCodeAt(index)];
    if (left === right) continue;
    // Surrogates (0xD800–0xDFFF) stand for code points above the rest of UTF-16.
    const [leftHigh, rightHigh] = [left >= 0xd800 && left <= 0xdfff, right >= 0xd800 && right <= 0xdfff];
    if (leftHigh !== rightHigh) return leftHigh ? 1 : -1;
    return left - right;
  }
  return a.length - b.length;
}

/** Code points that HFS+ ignores in file names. */
const HFS_IGNORED = /[\u200c-\u200f\u202a-\u202e\u206a-\u206f\ufeff]/g;

/**
 * True for a path that every git checks out where it says: no empty, `.` or `..` segment, no NUL or backslash, nothing
 * that a file system takes for `.git` (any case, `git~1`, HFS+ ignorables, NTFS trailing dots, spaces and streams), no
 * segment above 255 bytes.
 */
export function isSafePath(path: string): boolean {
  return path.split('/').every(isSafeName);
}

/** {@link isSafePath} for one segment. */
export function isSafeName(name: string): boolean {
  if (name === '' || name === '.' || name === '..') return false;
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  if (/[\u0000-\u001f\u007f\\]/.test(name) || !name.isWellFormed() || Buffer.byteLength(name) > 255)
    return false;
  const plain = name.replace(HFS_IGNORED, '').toLowerCase();
  const ntfs = plain.replace(/:.*$/s, '').replace(/[. ]+$/, '');
  return plain !== '.git' && ntfs !== '.git' && ntfs !== 'git~1';
}
