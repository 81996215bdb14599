import type { MigrationSet } from './migration.ts';
import * as pages from './migrations/search/0001-pages.ts';

/** The search index: see its first migration for what each table is for. */
export const searchSchema: MigrationSet = { name: 'search', migrations: [pages] };

export interface SearchTables {
  page: { id: number; path: string; oid: string; name: string; body: string; folded: string | null };
  state: { id: number; head: string | null; ordinal: number; variant: string; builder: string | null };
  passed: { oid: string; ordinal: number };
}
