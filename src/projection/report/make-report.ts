import type { View } from '../../git/repository.ts';
import type { Readable } from '../readable-search.ts';
import type { SearchIndex } from '../search-index.ts';
import { type PageGraph, readGraph } from './page-graph.ts';
import {
  type BrokenPage,
  brokenPages,
  type Display,
  emptyPages,
  orphanedPages,
  type ReportedPage,
  type WantedPage,
  wantedPages,
  withSuggestions,
} from './reports.ts';

export const REPORTS = ['orphaned', 'broken-links', 'wanted', 'empty'] as const;

export type ReportName = (typeof REPORTS)[number];

export function isReportName(name: string): name is ReportName {
  return REPORTS.some(each => each === name);
}

export type ReportItem = ReportedPage | BrokenPage | WantedPage;

export interface Report {
  /** In the order of their paths; the wanted ones by how much they are. */
  items: readonly ReportItem[];
  /** Adds what costs too much for all of them. */
  finish(shown: readonly ReportItem[]): readonly ReportItem[];
}

export interface ReportOptions {
  /** Of a file, as results show it. */
  displayPath: Display;
  /** The page that readers see first. Default: `Home`. */
  homePage?: string | undefined;
  /** Default: everything. */
  readable?: Readable | undefined;
}

/**
 * Makes a report of the pages that a caller may read, after everything up to the head of `view` has been taken in. Reads the index
 * alone; the list of all files, too, where a link leads to no page.
 * @throws KittiwakeError those of {@link SearchIndex.read}
 */
export async function makeReport(
  index: SearchIndex,
  view: View,
  name: ReportName,
  { displayPath, homePage, readable }: ReportOptions,
): Promise<Report> {
  const files = async () => (await view.files('')).map(({ path }) => path);
  const graph = await index.read(view, (store, mayRead) => readGraph(store.words, mayRead, files), readable);
  if (name === 'broken-links') {
    const finish = (shown: readonly ReportItem[]) =>
      withSuggestions(shown as BrokenPage[], graph, displayPath);
    return { items: brokenPages(graph, displayPath), finish };
  }
  return { items: plainItems(graph, name, homePage || 'Home', displayPath), finish: shown => shown };
}

function plainItems(
  graph: PageGraph,
  name: Exclude<ReportName, 'broken-links'>,
  homePage: string,
  displayPath: Display,
): readonly ReportItem[] {
  if (name === 'wanted') return wantedPages(graph, displayPath);
  return name === 'empty' ? emptyPages(graph, displayPath) : orphanedPages(graph, homePage, displayPath);
}
