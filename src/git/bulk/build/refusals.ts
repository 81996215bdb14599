import type { Refusal } from '../bulk.ts';

/** Why a single file of an import is left out. */

export function pathIsUnsafe(path: string): Refusal {
  return {
    code: 'path_unsafe',
    message: `Writing ${JSON.stringify(path)} fails: every segment must be a name that any file system keeps apart from ".git", ".", ".." and control characters, of at most 255 bytes`,
  };
}

/** Something in `path` is a file where a folder is needed. */
export function pathClashes(path: string): Refusal {
  return { code: 'path_clash', message: `Writing below "${path}" fails: a file of this name stands there` };
}

export function pathIsFolder(path: string): Refusal {
  return { code: 'path_clash', message: `Writing "${path}" fails: a folder of this name stands there` };
}

export function pathCollides(path: string, other: string): Refusal {
  return {
    code: 'path_collides',
    message: `Writing "${path}" fails: "${other}" beside it differs only by case or Unicode form`,
  };
}

export function pathDuplicate(path: string, { source, row }: { source: number; row: number }): Refusal {
  return {
    code: 'path_duplicate',
    message: `Writing "${path}" fails: an earlier row has the same path and other content`,
    other: { source, row },
  };
}
