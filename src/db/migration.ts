import type { CompiledQuery, Kysely, QueryExecutorProvider } from 'kysely';

/** What Kysely's builders and its `sql` template have in common. */
export interface Statement {
  compile(database: QueryExecutorProvider): CompiledQuery;
}

/**
 * One step of a schema. Immutable once it ran anywhere: its checksum is taken over the compiled statements, so that it
 * is the same however the program is bundled.
 */
export interface Migration {
  /** Number and title: `0001-pages`. */
  readonly name: string;
  /** The statements, in order. Must not depend on what the database holds. */
  statements(database: Kysely<unknown>): readonly Statement[];
}

/** The migrations of one schema, in order. Sets of different names live side by side in one database. */
export interface MigrationSet {
  readonly name: string;
  readonly migrations: readonly Migration[];
}
