import { comparePaths } from '../git/object/paths.ts';
import { scorePage } from './scoring.ts';
import type { SearchQuery } from './search-query.ts';
import type { Candidate } from './search-statements.ts';
import type { SearchStore } from './search-store.ts';
import { snippetOf } from './snippet.ts';
import { trigramMatch } from './trigram-match.ts';

export interface SearchResult {
  name: string;
  /** As displayed. */
  path: string;
  /** 0 to 1, two decimals. */
  score: number;
  snippet: string;
}

export interface SearchAnswer {
  /** Without the white space around it. */
  query: string;
  results: SearchResult[];
  /** All hits, also those outside the range asked for. */
  total: number;
}

/** Which of the hits are wanted. Default: all. */
export interface SearchRange {
  offset?: number;
  limit?: number;
}

export interface FindOptions {
  range: SearchRange;
  displayPath(path: string): string;
  /** False: the page does not count, as if it were not there. Default: all do. */
  mayRead?: ((path: string) => boolean) | undefined;
  /** Lets others run; awaited now and then. */
  turn(): Promise<void>;
}

interface Hit {
  path: string;
  name: string;
  score: number;
  /** Undefined where it is made only for the hits in range. */
  snippet: string | undefined;
}

/** Pages that are scored without a pause: 2 to 4 ms. */
const SLICE = 250;

/** Finds, scores and orders the pages for a query, within one transaction of the store. */
export async function findPages(
  store: SearchStore,
  query: SearchQuery,
  { range, displayPath, mayRead, turn }: FindOptions,
): Promise<SearchAnswer> {
  const { offset = 0, limit } = range;
  const hits = await scoreCandidates(store, query, { withSnippets: limit === undefined, mayRead, turn });
  hits.sort((a, b) => b.score - a.score || comparePaths(a.path, b.path));
  const wanted = hits.slice(offset, limit === undefined ? undefined : offset + limit);
  const results = wanted.map(({ path, name, score, snippet }) => ({
    name,
    path: displayPath(path),
    score,
    snippet: snippet ?? snippetAgain(store, query, path),
  }));
  return { query: query.text, results, total: hits.length };
}

async function scoreCandidates(
  store: SearchStore,
  query: SearchQuery,
  { withSnippets, mayRead, turn }: Pick<FindOptions, 'mayRead' | 'turn'> & { withSnippets: boolean },
): Promise<Hit[]> {
  const hits: Hit[] = [];
  let sinceTurn = 0;
  for (const candidate of store.candidates(trigramMatch(query.terms))) {
    const hit = mayRead?.(candidate[0]) === false ? undefined : hitOf(candidate, query, withSnippets);
    if (hit) hits.push(hit);
    sinceTurn += 1;
    if (sinceTurn % SLICE === 0) await turn();
  }
  return hits;
}

function hitOf(candidate: Candidate, query: SearchQuery, withSnippet: boolean): Hit | undefined {
  const [path, name] = candidate;
  const folded = foldedOf(candidate);
  const score = scorePage(query, name.toLowerCase(), folded);
  if (score === undefined) return undefined;
  return {
    path,
    name,
    score,
    snippet: withSnippet ? snippetOf(query, bodyOf(candidate), folded) : undefined,
  };
}

function snippetAgain(store: SearchStore, query: SearchQuery, path: string): string {
  const candidate = store.candidate(path);
  return candidate ? snippetOf(query, bodyOf(candidate), foldedOf(candidate)) : '';
}

function bodyOf([, , body]: Candidate): string {
  return typeof body === 'string' ? body : body.toString('utf8');
}

function foldedOf(candidate: Candidate): string {
  const [, , , folded] = candidate;
  return folded ? folded.toString('utf8') : bodyOf(candidate).toLowerCase();
}
