import type { View } from '../git/repository.ts';
import type { NewestView } from './catch-up.ts';
import { projectionUnsettled } from './errors.ts';
import type { SearchAnswer } from './search-pages.ts';

/** Which pages a caller may read in a version of the wiki. Undefined: all. */
export type Readable = (view: View) => MayRead;

export type MayRead = ((path: string) => boolean) | undefined;

export interface ReadableSearch {
  name: string;
  /** Absent: all, whatever the policy is. */
  readable?: Readable | undefined;
  newestView?: NewestView | undefined;
  catchUp(view: View): Promise<void>;
  /** With the head of what was searched. Undefined: somebody builds the index. */
  find(mayRead: MayRead): Promise<{ answer: SearchAnswer; head: string | null } | undefined>;
}

const MAX_ATTEMPTS = 10;

/**
 * Searches everything up to the head of `view`, or up to a newer one: then it must hold the policy by which the answer was
 * filtered. Else a page that was made private first, and written to then, would be read by what held before.
 * @throws KittiwakeError `projection_unsettled`
 */
export async function searchReadable(
  view: View,
  { name, readable, newestView, catchUp, find }: ReadableSearch,
): Promise<SearchAnswer> {
  let current = view;
  for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt += 1) {
    await catchUp(current);
    const found = await find(readable?.(current));
    if (found && (!readable || found.head === (current.head ?? null))) return found.answer;
    if (!readable) continue;
    const newest = await newestView?.();
    if (found && newest && isSamePolicy(current, newest)) return found.answer;
    current = newest ?? current;
  }
  throw projectionUnsettled(name, MAX_ATTEMPTS);
}

function isSamePolicy(a: View, b: View): boolean {
  return a.policy === b.policy || JSON.stringify(a.policy) === JSON.stringify(b.policy);
}
