import type { Query } from '../http/query.ts';

/** A part of a list, as the API's routes are asked for one. */
export function pageOf(
  limit: number | undefined,
  cursor: string | undefined,
  ...more: readonly (readonly [string, string])[]
): Query {
  return new Map<string, string>([
    ...(limit === undefined ? [] : [['limit', String(limit)] as const]),
    ...(cursor ? [['cursor', cursor] as const] : []),
    ...more,
  ]);
}

/** What follows a list that is not whole. */
export function cut({ next_cursor: next }: { next_cursor?: string }): string[] {
  return next === undefined ? [] : [`There are more: go on with cursor "${next}".`];
}
