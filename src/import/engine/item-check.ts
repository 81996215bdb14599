import { isUtf8 } from 'node:buffer';
import { isKittiwakeError } from '../../core/errors.ts';
import { checkFilePath, isPageFile } from '../../wiki/name/page-path.ts';
import type { RowFailure } from '../row.ts';
import type { LaneItem } from './lane.ts';

/** Names that are sound whatever else there is: nothing in them stands for `.git` or a separator anywhere. */
const PLAIN = /^[A-Za-z0-9_][A-Za-z0-9_ .-]{0,200}$/;
/** Up to here a path cannot have more bytes than it may. In UTF-16 units. */
const SHORT = 600;
const MAX_FOLDERS = 20_000;

/** Checks files on their way into a batch: why one cannot be a file of the wiki. Never tells what it holds. */
export function createItemCheck(): (item: LaneItem) => RowFailure | undefined {
  const checkPath = createPathCheck();
  return ({ path, content, origins }) => {
    const wrongPath = checkPath(path);
    if (wrongPath !== undefined) return { origins, code: 'path_invalid', message: wrongPath };
    const wrongText = checkText(path, content);
    return wrongText === undefined ? undefined : { origins, code: 'text_invalid', message: wrongText };
  };
}

/** `checkFilePath` for many paths: what is known of a folder is not looked at again. */
function createPathCheck(): (path: string) => string | undefined {
  const sound = new Set<string>();
  return path => {
    const slash = path.lastIndexOf('/');
    const folder = slash < 0 ? '' : path.slice(0, slash);
    if (sound.has(folder) && path.length <= SHORT && PLAIN.test(path.slice(slash + 1))) return undefined;
    const message = refusal(path);
    if (message !== undefined) return message;
    if (sound.size >= MAX_FOLDERS) sound.clear();
    sound.add(folder);
    return undefined;
  };
}

function refusal(path: string): string | undefined {
  try {
    checkFilePath(path, '…');
    return undefined;
  } catch (error) {
    if (!isKittiwakeError(error)) throw error;
    return error.message;
  }
}

function checkText(path: string, content: LaneItem['content']): string | undefined {
  if (typeof content === 'string')
    return content.isWellFormed() ? undefined : 'Reading a text: it holds half of a surrogate pair';
  const isPage = isPageFile(path);
  if (!(content instanceof Uint8Array))
    return isPage ? 'Reading a page: it is too large for a page' : undefined;
  return !isPage || isUtf8(content) ? undefined : 'Reading a page: it is not UTF-8 text';
}
