import { isClientError, type KittiwakeClientError, updateOvertaken } from './errors.ts';
import type { Page, pageCalls, WriteOptions } from './pages.ts';
import type { CallOptions } from './request.ts';

/** What a page is to become; undefined: it stays. `text` is undefined where there is no page. */
export type Revise = (
  text: string | undefined,
  page: Page | undefined,
) => string | undefined | Promise<string | undefined>;

export interface UpdateOptions extends Omit<WriteOptions, 'idempotencyKey' | 'dryRun'> {
  /** `again` (default): the function is called with what others wrote; `merge`: the server merges, where that can be done. */
  onConflict?: 'again' | 'merge' | undefined;
  /** How often the function is called at most; default 10. */
  attempts?: number | undefined;
}

/** Refusals of a write because others were first. */
const OVERTAKEN = [
  'revision_mismatch',
  'revision_required',
  'precondition_failed',
  'merge_conflict',
  'page_not_found',
];

type Pages = ReturnType<typeof pageCalls>;

/** Changing a page without losing what others write meanwhile. */
export function updateCalls({ page, put }: Pick<Pages, 'page' | 'put'>) {
  /**
   * Reads a page, has it revised and writes it on the revision that was read; when others were first, once more.
   * Resolves with the revision, undefined where there was nothing to write.
   * @throws KittiwakeClientError `update_overtaken`; what reading and writing throw
   * @throws what the function throws
   */
  async function update(
    path: string,
    revise: Revise,
    options: UpdateOptions = {},
  ): Promise<string | undefined> {
    const { onConflict = 'again', attempts = 10, message, ...call } = options;
    let last: KittiwakeClientError | undefined;
    for (let number = 1; number <= attempts; number++) {
      const read = await readOrNone(path, call);
      const next = await revise(read?.content, read);
      if (next === undefined || next === read?.content) return undefined;
      const isMerged = read !== undefined && onConflict === 'merge';
      const headers = { ...call.headers, ...(isMerged ? {} : conditionOf(read)) };
      const basis = { revision: read?.revision, onConflict: isMerged ? onConflict : undefined };
      try {
        return (await put(path, next, { ...call, headers, message, ...basis })).revision;
      } catch (error) {
        if (!isClientError(error) || !OVERTAKEN.includes(error.code)) throw error;
        last = error;
      }
    }
    throw updateOvertaken(attempts, last);
  }

  async function readOrNone(path: string, { signal, headers }: CallOptions): Promise<Page | undefined> {
    try {
      return await page(path, { signal, headers });
    } catch (error) {
      if (isClientError(error, 'page_not_found')) return undefined;
      throw error;
    }
  }

  return {
    update,

    /** Adds a text to the end of a page, in a line of its own; where there is none it is created. */
    append(path: string, text: string, options: UpdateOptions = {}): Promise<string | undefined> {
      return update(path, before => joined(before, text), options);
    },
  };
}

/**
 * A revision alone does not tell that the page was deleted meanwhile, nor that it was created. What compresses an answer on
 * its way makes the ETag a weak one, which matches nothing; the text that it names is the same.
 */
function conditionOf(read: Page | undefined): Record<string, string> {
  if (read === undefined) return { 'if-none-match': '*' };
  return read.etag === '' ? {} : { 'if-match': read.etag.replace(/^W\//, '') };
}

function joined(before: string | undefined, text: string): string {
  return before === undefined || before === '' || before.endsWith('\n')
    ? `${before ?? ''}${text}`
    : `${before}\n${text}`;
}
