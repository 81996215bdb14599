import type { PageRange } from '../../wiki/wiki.ts';
import type { HttpResponse } from '../message.ts';
import { queryLimit } from '../paging.ts';
import type { Query } from '../query.ts';
import type { Context } from '../route.ts';
import { answer } from '../write.ts';

export async function pageHistory({ params, query, services }: Context): Promise<HttpResponse> {
  const wiki = await services.wiki();
  return answer(await wiki.pageHistory(params.path ?? '', rangeOf(query)));
}

export async function changelog({ query, services }: Context): Promise<HttpResponse> {
  const wiki = await services.wiki();
  return answer(await wiki.changelog(rangeOf(query)));
}

function rangeOf(query: Query): PageRange {
  const range: PageRange = {};
  const limit = queryLimit(query);
  const cursor = query.get('cursor');
  if (limit !== undefined) range.limit = limit;
  if (cursor) range.cursor = cursor;
  return range;
}
