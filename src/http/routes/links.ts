import type { HttpResponse } from '../message.ts';
import { sliceOf } from '../paging.ts';
import type { Context } from '../route.ts';
import { answer } from '../write.ts';

/** Most back-links, and most edges, of one answer; more come with a cursor. */
const MAX_SOURCES = 10_000;
const MAX_EDGES = 100_000;

export async function pageLinks({ params, query, services }: Context): Promise<HttpResponse> {
  const wiki = await services.wiki();
  const links = await wiki.pageLinks(params.path ?? '');
  const { items, ...more } = sliceOf(links.linked_from, query, {
    maxItems: MAX_SOURCES,
    keyOf: source => source,
  });
  return answer({ ...links, linked_from: items, ...more });
}

/** A part of a graph that does not fit into one answer has the nodes of its own edges. */
export async function linkGraph({ query, services }: Context): Promise<HttpResponse> {
  const wiki = await services.wiki();
  const { edges, nodes } = await wiki.linkGraph();
  const { items, ...more } = sliceOf(edges, query, {
    maxItems: MAX_EDGES,
    keyOf: ({ source, target }) => JSON.stringify([source, target]),
  });
  if (items.length === edges.length) return answer({ edges, nodes });
  const ends = new Set(items.flatMap(({ source, target }) => [source, target]));
  return answer({ edges: items, nodes: nodes.filter(node => ends.has(node)), ...more });
}
