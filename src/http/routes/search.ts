import { cursorInvalid } from '../../wiki/errors.ts';
import type { HttpResponse } from '../message.ts';
import { queryLimit } from '../paging.ts';
import type { Context } from '../route.ts';
import { answer } from '../write.ts';

/** Most results of one answer; more come with a cursor. `total` counts all. */
const MAX_RESULTS = 1_000;

export async function search({ query, services }: Context): Promise<HttpResponse> {
  const asked = queryLimit(query) ?? 0;
  const limit = asked > 0 ? Math.min(asked, MAX_RESULTS) : MAX_RESULTS;
  const offset = offsetOf(query.get('cursor') ?? '');
  const index = await services.search();
  const found = await index.search(query.get('q') ?? '', { offset, limit });
  const next = offset + found.results.length;
  const more = found.results.length > 0 && next < found.total ? { next_cursor: `from-${next}` } : {};
  return answer({ ...found, ...more });
}

function offsetOf(cursor: string): number {
  if (cursor === '') return 0;
  const match = /^from-(\d{1,15})$/.exec(cursor);
  if (!match) throw cursorInvalid();
  return Number(match[1]);
}
