import type { Runtime } from '../../core/runtime.ts';
import type { View } from '../../git/repository.ts';
import type { Readable } from '../readable-search.ts';
import type { SearchIndex } from '../search-index.ts';
import { findRanked, type RankedAnswer } from './find-ranked.ts';
import { parseRanked } from './parse-ranked.ts';

export interface RankedRequest {
  query: string;
  /** Most results. Default 20, most 100. */
  limit?: number | undefined;
  /** `nextCursor` of the answer before, to the same query. */
  cursor?: string | undefined;
}

export interface RankedSearchOptions {
  /** Of a file, as results show it. */
  displayPath(path: string): string;
  runtime: Pick<Runtime, 'turn'>;
  /** Default: everything. */
  readable?: Readable | undefined;
}

const DEFAULT_RESULTS = 20;
const MAX_RESULTS = 100;

/**
 * The pages that match a query, the best first, after everything up to the head of `view` has been taken in.
 * @throws KittiwakeError `query_invalid`, `cursor_invalid`; those of {@link SearchIndex.search}
 */
export async function searchRanked(
  index: SearchIndex,
  view: View,
  { query: request, limit = 0, cursor }: RankedRequest,
  { displayPath, runtime, readable }: RankedSearchOptions,
): Promise<RankedAnswer> {
  const query = parseRanked(request);
  return await index.read(
    view,
    (store, mayRead) =>
      findRanked(store.words, query, {
        limit: limit > 0 ? Math.min(limit, MAX_RESULTS) : DEFAULT_RESULTS,
        cursor,
        displayPath,
        mayRead,
        turn: () => runtime.turn(),
      }),
    readable,
  );
}
