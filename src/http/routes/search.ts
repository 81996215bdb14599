import { queryInvalid } from '../errors.ts';
import type { HttpResponse } from '../message.ts';
import { sliceOf } from '../paging.ts';
import type { Context } from '../route.ts';
import { answer } from '../write.ts';

/** Most results of one answer; more come with a cursor. `total` counts all. */
const MAX_RESULTS = 1_000;

export async function search({ query, services }: Context): Promise<HttpResponse> {
  const asked = query.get('q')?.trim() ?? '';
  if (asked === '') throw queryInvalid("Query parameter 'q' is required");
  const index = await services.search();
  const hits = await index.search(asked);
  const { items, ...more } = sliceOf(hits, query, { maxItems: MAX_RESULTS, keyOf: hit => hit.path });
  return answer({ query: asked, results: items, total: hits.length, ...more });
}
