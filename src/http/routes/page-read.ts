import type { HttpResponse } from '../message.ts';
import { sliceOf } from '../paging.ts';
import type { Query } from '../query.ts';
import type { Context } from '../route.ts';
import { answer, readAnswer } from '../write.ts';

/** Most entries of one answer; more come with a cursor. */
const MAX_PAGES = 10_000;

export async function readPage(context: Context): Promise<HttpResponse> {
  const { params, query, request, services } = context;
  const format = query.get('format') || 'json';
  if (format !== 'json') return await (await import('./page-html.ts')).readPageAs(format, context);
  const wiki = await services.wiki();
  const options = given(query, { revision: 'revision', section: 'section' });
  return readAnswer(await wiki.readPage(params.path ?? '', options), request.headers['if-none-match']);
}

export async function listPages({ query, services }: Context): Promise<HttpResponse> {
  const wiki = await services.wiki();
  const { pages, total } = await wiki.listPages(
    given(query, { prefix: 'prefix', category: 'category', tag: 'tag', updated_since: 'updatedSince' }),
  );
  const { items, ...more } = sliceOf(pages, query, { maxItems: MAX_PAGES, keyOf: page => page.path });
  return answer({ pages: items, total, ...more });
}

/** The parameters that are there, under the names the wiki knows them by. */
function given<N extends string>(query: Query, names: Record<string, N>): { [K in N]?: string } {
  const found: { [K in N]?: string } = {};
  for (const [name, known] of Object.entries(names)) {
    const value = query.get(name);
    if (value !== undefined) found[known] = value;
  }
  return found;
}
