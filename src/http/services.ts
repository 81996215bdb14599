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
  /** All hits, best first. `query` is trimmed and not empty. */
  search(query: string): Promise<readonly SearchHit[]>;
  close?(): Promise<void>;
}

export interface SearchHit {
  name: string;
  path: string;
  /** 0 to 1, two decimals. */
  score: number;
  snippet: string;
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
