/** Code points that HFS+ ignores in file names. */
const IGNORED = /[\u200c-\u200f\u202a-\u202e\u206a-\u206f\ufeff]/g;
/** Short names that NTFS gives to it. */
const SHORT_NAME = /^(?:gitmod~[1-4]|gi7eba~\d|gi7eb~\d\d)$/;

/** True for what some file system takes for `.gitmodules`. */
export function isSubmoduleFile(name: string): boolean {
  const plain = name.replace(IGNORED, '').toLowerCase().replace(/:.*$/s, '');
  const trimmed = plain.replace(/[. ]+$/, '');
  return trimmed === '.gitmodules' || SHORT_NAME.test(trimmed);
}

/**
 * Why a file of submodules must not be cloned, as `git fsck` has it: git ran what stood in such files (CVE-2018-11235,
 * CVE-2018-17456). Undefined: it may.
 */
export function submoduleFileRefusal(bytes: Buffer): string | undefined {
  // As git reads them: lines go on behind a backslash, and quotes stand anywhere.
  const text = bytes.toString('latin1').replace(/\\\r?\n/g, '');
  for (const line of text.replace(/["\\]/g, '').split('\n')) {
    if (/(?:^|\])[ \t\r\f\v]*(?:url|path)[ \t\r\f\v]*=[ \t\r\f\v]*-/i.test(line))
      return 'a URL or path in it begins with "-"';
    if (/(?:^|\])[ \t\r\f\v]*update[ \t\r\f\v]*=[ \t\r\f\v]*!/i.test(line)) return 'it names a command';
    if (line.includes('..') && /\[[ \t]*submodule/i.test(line)) return 'the name of a submodule holds ".."';
    if (/%0a/i.test(line)) return 'a URL in it holds a line break';
  }
  return undefined;
}
