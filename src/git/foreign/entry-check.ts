import { MODE_FOLDER } from '../object/objects.ts';
import { isSafeName } from '../object/paths.ts';

const LINK = 0o120000;
/** Its id is that of a commit of another repository. */
export const SUBMODULE = 0o160000;
/** Also 0o100664, which git wrote in its first years. */
const FILES = new Set([0o100644, 0o100755, 0o100664, LINK]);

/** Why an entry of a tree must not be cloned; undefined: it may. */
export function refusalOf(name: string, mode: number): string | undefined {
  if (!name.isWellFormed()) return 'its name is not UTF-8';
  if (!isSafeName(name)) return 'its name is unsafe on some system';
  if (mode === LINK && /^\.git/i.test(name)) return 'a link with this name misleads git';
  if (mode === MODE_FOLDER || mode === SUBMODULE || FILES.has(mode)) return undefined;
  return `its mode ${mode.toString(8)} is unknown`;
}
