import { type Kysely, sql } from 'kysely';

export const name = '0002-watches';

/** What users want to be told of by mail: `path` is a page, `docs/intro`; what lies below one, `docs/`; or all, the empty text. */
export function statements(_database: Kysely<unknown>) {
  return [
    sql`create table watch (
      user_id text not null,
      path text not null,
      created_ms bigint not null,
      primary key (user_id, path)
    )`,
    sql`create index watch_path on watch (path, user_id)`,
  ];
}
