import { comparePaths } from '../../git/object/paths.ts';
import type { MayRead } from '../readable-search.ts';
import { leafScore, type Weights } from './bm25.ts';
import { candidatesOf, type Frequencies, matches } from './evaluate.ts';
import { type Highlight, highlightsOf } from './highlight.ts';
import { frequencyIn } from './leaf-match.ts';
import { type Entry, type PageDirectory, readDirectory } from './page-directory.ts';
import { decodeRankedCursor, encodeRankedCursor, type RankedCursor } from './ranked-cursor.ts';
import { type Leaf, type RankedQuery, wantedLeaves } from './ranked-query.ts';
import type { WordStore } from './word-store.ts';

export interface RankedResult {
  name: string;
  /** As displayed. */
  path: string;
  /** 0 and above; the larger, the better it fits. Of use only beside other results of the query. */
  score: number;
  highlights: Highlight[];
}

export interface RankedAnswer {
  /** Without the white space around it. */
  query: string;
  results: RankedResult[];
  /** All hits, also those that are not in `results`. */
  total: number;
  /** Where more follow. */
  nextCursor?: string;
}

export interface RankedOptions {
  /** Most results. */
  limit: number;
  /** `nextCursor` of the answer before. */
  cursor?: string | undefined;
  displayPath(path: string): string;
  mayRead: MayRead;
  /** Lets others run; awaited now and then. */
  turn(): Promise<void>;
}

interface Hit {
  entry: Entry;
  score: number;
}

/** Finds, scores and orders the pages for a query, within one transaction. @throws KittiwakeError `cursor_invalid` */
export async function findRanked(
  store: WordStore,
  query: RankedQuery,
  { limit, cursor, displayPath, mayRead, turn }: RankedOptions,
): Promise<RankedAnswer> {
  const after = cursor ? decodeRankedCursor(query.text, query.leaves.length, cursor) : undefined;
  const frequencies = await frequenciesOf(store, query.leaves, turn);
  const directory = readDirectory(store, candidatesOf(query.root, frequencies), mayRead);
  await turn();
  const weights = after?.weights ?? weightsOf(directory, frequencies);
  const hits = hitsOf(query, directory.entries, frequencies, weights);
  const rest = after ? hits.filter(hit => isAfter(hit, after)) : hits;
  const shown = rest.slice(0, limit);
  const last = shown.at(-1);
  const leaves = [...wantedLeaves(query.root)].flatMap(index => query.leaves[index] ?? []);
  const results = shown.map(hit => resultOf(store, hit, leaves, displayPath));
  return {
    query: query.text,
    results,
    total: hits.length,
    ...(last && rest.length > shown.length
      ? { nextCursor: encodeRankedCursor(query.text, { weights, score: last.score, path: last.entry.path }) }
      : {}),
  };
}

/** Rows that the index of words does not hold yet are read. */
async function frequenciesOf(
  store: WordStore,
  leaves: readonly Leaf[],
  turn: () => Promise<void>,
): Promise<Frequencies> {
  const pending = store.pending();
  const all: Map<number, number>[] = [];
  for (const leaf of leaves) {
    const found = store.frequencies(leaf, pending);
    for (const [id, words] of pending) {
      const frequency = frequencyIn(words, leaf);
      if (frequency > 0) found.set(id, frequency);
    }
    all.push(found);
    await turn();
  }
  return all;
}

function weightsOf(directory: PageDirectory, frequencies: Frequencies): Weights {
  const { pages, averageWords } = directory;
  return { pages, averageWords, found: frequencies.map(found => directory.count(found)) };
}

function hitsOf(
  { root }: RankedQuery,
  entries: ReadonlyMap<number, Entry>,
  frequencies: Frequencies,
  weights: Weights,
): Hit[] {
  const wanted = [...wantedLeaves(root)];
  const hits: Hit[] = [];
  for (const entry of entries.values()) {
    if (!matches(root, entry, frequencies)) continue;
    let score = 0;
    for (const leaf of wanted) {
      const frequency = frequencies[leaf]?.get(entry.id);
      if (frequency !== undefined) score += leafScore(frequency, entry.words, leaf, weights);
    }
    hits.push({ entry, score });
  }
  return hits.sort((a, b) => b.score - a.score || comparePaths(a.entry.path, b.entry.path));
}

function isAfter({ entry, score }: Hit, last: RankedCursor): boolean {
  return score < last.score || (score === last.score && comparePaths(entry.path, last.path) > 0);
}

function resultOf(
  store: WordStore,
  { entry, score }: Hit,
  leaves: readonly Leaf[],
  displayPath: (path: string) => string,
): RankedResult {
  const { name, body } = store.text(entry.id);
  const path = displayPath(entry.path);
  return { name, path, score: Math.round(score * 1e4) / 1e4, highlights: highlightsOf(leaves, name, body) };
}
