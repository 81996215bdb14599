import { isSafeName } from '../../git/object/paths.ts';

/** Of one part of a path, in bytes of UTF-8: what most file systems can hold. */
const MAX_BYTES = 255;

// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what it looks for
const CONTROL = /[\0-\x1f\x7f-\x9f]/;

/**
 * Why a name must not become an entry of a git tree, or undefined. Some file system that a clone may land on would take
 * it for `.git`, for a parent or for a separator.
 */
export function unsafeName(name: string): string | undefined {
  if (name === '') return 'a part of it is empty';
  if (CONTROL.test(name)) return 'it holds a control character';
  if (!name.isWellFormed()) return 'it is not valid Unicode';
  if (name.includes('\\')) return 'it holds a backslash';
  if (name === '.' || name === '..') return `"${name}" is no name`;
  if (Buffer.byteLength(name) > MAX_BYTES) return `a part of it is longer than ${MAX_BYTES} bytes`;
  return isSafeName(name) ? undefined : 'a part of it stands for ".git" on some file system';
}
