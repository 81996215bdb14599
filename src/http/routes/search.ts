import type { RankedAnswer } from '../../projection/ranked/find-ranked.ts';
import { cursorInvalid } from '../../wiki/errors.ts';
import { queryInvalid } from '../errors.ts';
import type { HttpResponse } from '../message.ts';
import { queryLimit } from '../paging.ts';
import type { Query } from '../query.ts';
import type { Context } from '../route.ts';
import type { PageSearch, SearchBody } from '../services.ts';
import { answer } from '../write.ts';

/** Most results of one answer; more come with a cursor. `total` counts all. */
const MAX_RESULTS = 1_000;

export async function search({ query, services }: Context): Promise<HttpResponse> {
  const mode = query.get('mode') ?? 'simple';
  if (mode !== 'simple' && mode !== 'ranked')
    throw queryInvalid(`Invalid query: the mode is ${JSON.stringify(mode)}, there are simple and ranked`);
  const index = await services.search();
  return answer(await (mode === 'ranked' ? findRanked(index, query) : findSimple(index, query)));
}

/** A part of the hits for `q`: `limit` of them from `cursor` on. @throws KittiwakeError those of {@link PageSearch.search} */
export async function findSimple(
  index: PageSearch,
  query: Query,
): Promise<SearchBody & { next_cursor?: string }> {
  const asked = queryLimit(query) ?? 0;
  const limit = asked > 0 ? Math.min(asked, MAX_RESULTS) : MAX_RESULTS;
  const offset = offsetOf(query.get('cursor') ?? '');
  const found = await index.search(query.get('q') ?? '', { offset, limit });
  const next = offset + found.results.length;
  const more = found.results.length > 0 && next < found.total ? { next_cursor: `from-${next}` } : {};
  return { ...found, ...more };
}

/** The same for ranked hits. @throws KittiwakeError those of {@link PageSearch.ranked} */
export async function findRanked(
  index: PageSearch,
  query: Query,
): Promise<Omit<RankedAnswer, 'nextCursor'> & { next_cursor?: string }> {
  const { nextCursor, ...found } = await index.ranked({
    query: query.get('q') ?? '',
    limit: queryLimit(query),
    cursor: query.get('cursor'),
  });
  return { ...found, ...(nextCursor === undefined ? {} : { next_cursor: nextCursor }) };
}

function offsetOf(cursor: string): number {
  if (cursor === '') return 0;
  const match = /^from-(\d{1,15})$/.exec(cursor);
  if (!match) throw cursorInvalid();
  return Number(match[1]);
}
