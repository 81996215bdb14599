import { isKittiwakeError, KittiwakeError } from '../core/errors.ts';
import { unifiedDiff } from '../wiki/markup/merge-text.ts';
import type { Wiki } from '../wiki/wiki.ts';

/**
 * Carries a write out. Where the page is another one than was read, the refusal tells what has changed since.
 * @throws KittiwakeError what `write` throws; `revision_mismatch` with `diff`, from the text that was read to the current one
 */
export async function tellingConflict<T>(
  wiki: Wiki,
  { path, revision }: { path: string; revision?: string | undefined },
  write: () => Promise<T>,
): Promise<T> {
  try {
    return await write();
  } catch (error) {
    if (!isKittiwakeError(error, 'revision_mismatch')) throw error;
    const diff = await changesSince(wiki, path, revision);
    if (diff === undefined) throw error;
    throw new KittiwakeError('revision_mismatch', error.message, {
      data: { ...error.data, diff },
      cause: error,
    });
  }
}

/** Undefined where one of the two cannot be read: then the refusal stands for itself. */
async function changesSince(wiki: Wiki, path: string, revision = ''): Promise<string | undefined> {
  try {
    const [before, now] = await Promise.all([wiki.readPage(path, { revision }), wiki.readPage(path)]);
    return await unifiedDiff(before.body.content, now.body.content);
  } catch {
    return undefined;
  }
}
