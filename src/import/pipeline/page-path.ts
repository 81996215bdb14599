import { isKittiwakeError, KittiwakeError } from '../../core/errors.ts';
import { checkFilePath, cleanSlashes, pageFile } from '../../wiki/name/page-path.ts';
import type { PageNaming } from './pipeline.ts';

/** Of a part of a path: what takes less is not measured in bytes. */
const SHORT = 240;

/**
 * The file of a page from the path that a row gives it, as the API names pages.
 * @throws KittiwakeError `path_invalid`; its message does not hold the path
 */
export function importedPage(path: string, naming: PageNaming): string {
  if (naming.into === '') return isPlain(path) ? `${path}.md` : checked(() => pageFile(path, naming));
  if (cleanSlashes(path) === '') throw unusable('it is empty');
  const full = `${naming.into}/${path}`;
  return isPlain(full) ? `${full}.md` : checked(() => pageFile(full, naming));
}

/** The same of an attachment: folders are named as pages are, the name stays. */
export function importedFile(path: string, naming: PageNaming): string {
  return checked(() => {
    const full = cleanSlashes(naming.into === '' ? path : `${naming.into}/${path}`);
    const slash = full.lastIndexOf('/') + 1;
    const folder = naming.retainPageNameCase ? full.slice(0, slash) : full.slice(0, slash).toLowerCase();
    const file = folder + full.slice(slash);
    checkFilePath(file, path);
    return file;
  });
}

/** Lower-case ASCII letters, digits, `-`, `_` and single slashes between: then `pageFile` has nothing to do, and takes ten times as long. */
function isPlain(path: string): boolean {
  if (path.length > SHORT) return false;
  let before = SLASH;
  for (let index = 0; index < path.length; index += 1) {
    const unit = path.charCodeAt(index);
    if (unit === SLASH) {
      if (before === SLASH) return false;
    } else if (!((unit >= 97 && unit <= 122) || (unit >= 48 && unit <= 57) || unit === 45 || unit === 95)) {
      return false;
    }
    before = unit;
  }
  return before !== SLASH;
}

const SLASH = 47;

function checked(name: () => string): string {
  try {
    return name();
  } catch (error) {
    if (!isKittiwakeError(error, 'path_invalid')) throw error;
    const reason = error.message.slice(error.message.lastIndexOf(': ') + 2);
    throw unusable(reason);
  }
}

function unusable(reason: string): KittiwakeError {
  return new KittiwakeError('path_invalid', `Naming a page: its path cannot be used: ${reason}`);
}
