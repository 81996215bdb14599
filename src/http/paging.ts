import { cursorInvalid } from '../wiki/errors.ts';
import type { Query } from './query.ts';

/** A whole number as the contract reads it: anything else counts as not given. */
export function queryLimit(query: Query, name = 'limit'): number | undefined {
  const text = query.get(name)?.trim() ?? '';
  return /^[+-]?\d{1,15}$/.test(text) ? Number(text) : undefined;
}

export interface Slice<T> {
  items: T[];
  /** Present when more follow. */
  next_cursor?: string;
}

/**
 * One page of a list that is made anew for every request. The cursor holds the last item's key and where it stood, so
 * that items added or removed in between neither repeat nor hide others, as long as that item is still there.
 * @throws KittiwakeError `cursor_invalid`
 */
export function sliceOf<T>(
  list: readonly T[],
  query: Query,
  options: { maxItems: number; keyOf(item: T): string },
): Slice<T> {
  const asked = queryLimit(query) ?? 0;
  const limit = asked > 0 ? Math.min(asked, options.maxItems) : options.maxItems;
  const cursor = query.get('cursor') ?? '';
  const start = cursor === '' ? 0 : startAfter(list, cursor, options.keyOf);
  const items = list.slice(start, start + limit);
  const last = items.at(-1);
  if (last === undefined || start + items.length >= list.length) return { items };
  return { items, next_cursor: encodeCursor(start + items.length, options.keyOf(last)) };
}

function startAfter<T>(list: readonly T[], cursor: string, keyOf: (item: T) => string): number {
  const { start, key } = decodeCursor(cursor);
  const before = list[start - 1];
  if (before !== undefined && keyOf(before) === key) return start;
  const found = list.findIndex(item => keyOf(item) === key);
  return found < 0 ? start : found + 1;
}

function encodeCursor(start: number, key: string): string {
  return Buffer.from(`${start}:${key}`).toString('base64url');
}

function decodeCursor(cursor: string): { start: number; key: string } {
  const match = /^(\d{1,15}):(.*)$/s.exec(Buffer.from(cursor, 'base64url').toString('utf8'));
  if (match?.[1] === undefined || match[2] === undefined) throw cursorInvalid();
  return { start: Number(match[1]), key: match[2] };
}
