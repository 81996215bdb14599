import type { View } from '../git/repository.ts';
import type { NewestView } from './catch-up.ts';
import { projectionUnsettled } from './errors.ts';

/** Which pages a caller may read in a version of the wiki. Undefined: all. */
export type Readable = (view: View) => MayRead;

export type MayRead = ((path: string) => boolean) | undefined;

/** An answer with the head of what was searched. */
export interface Found<A> {
  answer: A;
  head: string | null;
}

export interface ReadableSearch<A> {
  name: string;
  /** Absent: all, whatever the policy is. */
  readable?: Readable | undefined;
  newestView?: NewestView | undefined;
  catchUp(view: View): Promise<void>;
  /** Undefined: somebody builds the index. */
  find(mayRead: MayRead): Promise<Found<A> | undefined>;
}

const MAX_ATTEMPTS = 10;

/**
 * Searches everything up to the head of `view`, or up to a newer one: then it must hold the policy by which the answer was
 * filtered. Else a page that was made private first, and written to then, would be read by what held before.
 * @throws KittiwakeError `projection_unsettled`
 */
export async function searchReadable<A>(
  view: View,
  { name, readable, newestView, catchUp, find }: ReadableSearch<A>,
): Promise<A> {
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
