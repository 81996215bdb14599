import type { MigrationSet } from './migration.ts';
import * as pages from './migrations/search/0001-pages.ts';
import * as words from './migrations/search/0002-words.ts';

/** The search index: see its migrations for what each table is for. */
export const searchSchema: MigrationSet = { name: 'search', migrations: [pages, words] };

export interface SearchTables {
  page: { id: number; path: string; oid: string; name: string; body: string; folded: string | null };
  state: { id: number; head: string | null; ordinal: number; variant: string; builder: string | null };
  passed: { oid: string; ordinal: number };
  entry: {
    id: number;
    path: string;
    name: string;
    words: number;
    body_words: number;
    tags: string;
    category: string | null;
  };
  link: { id: number; links: string };
}
