import type { Wiki } from '../wiki/wiki.ts';

/** What routes reach; each is made on its first use. Given by the composition root. */
export interface Services {
  wiki(): Promise<Wiki>;
  search(): Promise<PageSearch>;
  /** Identity of the wiki, part of the scope of an Idempotency-Key. */
  wikiId(): Promise<string>;
}

/** The search of contract section 10. */
export interface PageSearch {
  /**
   * Hits from `offset` on, best first; after everything that is committed has been taken in.
   * @throws KittiwakeError `query_required`, `query_too_long`, `search_busy`
   */
  search(query: string, range: { offset: number; limit: number }): Promise<SearchBody>;
  close(): Promise<void>;
}

export interface SearchBody {
  /** Without the white space around it. */
  query: string;
  results: {
    name: string;
    path: string;
    /** 0 to 1, two decimals. */
    score: number;
    snippet: string;
  }[];
  /** All hits, also those that are not in `results`. */
  total: number;
}

/** Times and counts for `Server-Timing`. */
export interface Meter {
  /** A point in time to give to {@link Meter.since}. */
  mark(): number;
  /** What was measured after `mark`. Names are tokens (RFC 9110). */
  since(mark: number): readonly Measurement[];
}

export interface Measurement {
  name: string;
  durationMs?: number;
  description?: string;
}
