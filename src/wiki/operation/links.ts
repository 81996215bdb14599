import { comparePaths } from '../../git/object/paths.ts';
import type { LinkGraphBody, LinksBody } from '../bodies.ts';
import type { Views } from '../bound/bound-repository.ts';
import { wikiTarget } from '../markup/describe.ts';
import { decodeText } from '../markup/text.ts';
import { linkKeys } from '../markup/wiki-links.ts';
import { displayPath, pageStem } from '../name/page-path.ts';
import type { WikiSettings } from '../settings.ts';
import type { ListedPage, PageTable } from './list-pages.ts';

/** Links of one page, which need not exist (API contract 7.1). The path is taken as a link is. */
export async function pageLinks(
  repository: Views,
  settings: WikiSettings,
  request: string,
): Promise<LinksBody> {
  const view = await repository.view();
  const key = settings.retainPageNameCase ? request : request.toLowerCase();
  const [normalised, literal, from] = await view.together(() =>
    Promise.all([view.file(`${key}.md`), view.file(`${request}.md`), view.sources(wikiTarget(key))]),
  );
  const file = normalised ?? literal;
  const text = file === undefined ? undefined : decodeText(await view.blob(file.oid));
  return {
    linked_from: from.map(path => displayPath(path, settings)),
    links_to: text === undefined ? [] : linkKeys(text, settings).map(target => displayPath(target, settings)),
    path: displayPath(key, settings),
  };
}

/** Graphs of page tables seen before; a wiki without a new commit has the same one. */
const graphs = new WeakMap<readonly ListedPage[], LinkGraphBody>();

/** All wiki links of all pages (API contract 7.2), by source and target. The answer is shared: do not change it. */
export async function linkGraph(
  repository: Views,
  settings: WikiSettings,
  table: PageTable,
): Promise<LinkGraphBody> {
  const pages = await table.pages(await repository.view());
  const known = graphs.get(pages);
  if (known !== undefined) return known;
  const shown = new Map<string, string>();
  const show = (key: string): string => {
    const found = shown.get(key) ?? displayPath(key, settings);
    shown.set(key, found);
    return found;
  };
  const edges: LinkGraphBody['edges'] = [];
  for (const { described, row } of pages) {
    if (described.facts.links.length > 0) shown.set(pageStem(described.path), row.path);
    for (const target of described.facts.links) edges.push({ source: row.path, target: show(target) });
  }
  const graph = { edges, nodes: [...shown.keys()].sort(comparePaths).map(show) };
  graphs.set(pages, graph);
  return graph;
}
