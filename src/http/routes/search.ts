import { cursorInvalid } from '../../wiki/errors.ts';
import { queryInvalid } from '../errors.ts';
import type { HttpResponse } from '../message.ts';
import { queryLimit } from '../paging.ts';
import type { Query } from '../query.ts';
import type { Context } from '../route.ts';
import type { PageSearch } from '../services.ts';
import { answer } from '../write.ts';

/** Most results of one answer; more come with a cursor. `total` counts all. */
const MAX_RESULTS = 1_000;

export async function search({ query, services }: Context): Promise<HttpResponse> {
  const mode = query.get('mode') ?? 'simple';
  if (mode !== 'simple' && mode !== 'ranked')
    throw queryInvalid(`Invalid query: the mode is ${JSON.stringify(mode)}, there are simple and ranked`);
  const index = await services.search();
  return mode === 'ranked' ? ranked(index, query) : simple(index, query);
}

async function simple(index: PageSearch, query: Query): Promise<HttpResponse> {
  const asked = queryLimit(query) ?? 0;
  const limit = asked > 0 ? Math.min(asked, MAX_RESULTS) : MAX_RESULTS;
  const offset = offsetOf(query.get('cursor') ?? '');
  const found = await index.search(query.get('q') ?? '', { offset, limit });
  const next = offset + found.results.length;
  const more = found.results.length > 0 && next < found.total ? { next_cursor: `from-${next}` } : {};
  return answer({ ...found, ...more });
}

async function ranked(index: PageSearch, query: Query): Promise<HttpResponse> {
  const { nextCursor, ...found } = await index.ranked({
    query: query.get('q') ?? '',
    limit: queryLimit(query),
    cursor: query.get('cursor'),
  });
  return answer({ ...found, ...(nextCursor === undefined ? {} : { next_cursor: nextCursor }) });
}

function offsetOf(cursor: string): number {
  if (cursor === '') return 0;
  const match = /^from-(\d{1,15})$/.exec(cursor);
  if (!match) throw cursorInvalid();
  return Number(match[1]);
}
