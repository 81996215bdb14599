import { type Kysely, sql } from 'kysely';

export const name = '0001-pages';

/**
 * `page` holds what scoring and snippets need, so that a search reads no git object. `folded` is the lower-cased body,
 * null where lower-casing at query time is as fast as reading it. `trigram` finds candidates: which rows hold a
 * sequence of three characters, without positions; `pending` names the rows that it does not describe yet. `state` and
 * `passed` are the cursor, of which there is none while `builder` names who is at work.
 */
export function statements(_database: Kysely<unknown>) {
  return [
    sql`create table page (
      id integer primary key,
      path text not null unique,
      oid text not null,
      name text not null,
      body text not null,
      folded text
    ) strict`,
    sql`create virtual table trigram using fts5(
      text, tokenize = 'trigram case_sensitive 1', detail = none, content = '', contentless_delete = 1
    )`,
    sql`create table pending (id integer primary key) strict`,
    sql`insert into trigram (trigram, rank) values ('hashsize', 8388608)`,
    sql`create table state (
      id integer primary key check (id = 1),
      head text,
      ordinal integer not null,
      variant text not null,
      builder text
    ) strict`,
    sql`create table passed (oid text primary key, ordinal integer not null) strict, without rowid`,
    sql`create index passed_ordinal on passed (ordinal)`,
  ];
}
