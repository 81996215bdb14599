import { type Kysely, sql } from 'kysely';

export const name = '0002-words';

/**
 * `word` finds words, phrases and prefixes: text that was already cut into folded words, so that the tokenizer has nothing to
 * decide. `entry` holds what filters and scores need of a page without its text, in rows that are quickly scanned: `words` are
 * those of `word`, `body_words` those of the text alone, `tags` a JSON array. `link` holds its links as JSON, for reports.
 * `pending` names the rows that `word` does not describe yet, too. Nothing of it can be made from `page`: the index begins anew.
 */
export function statements(_database: Kysely<unknown>) {
  return [
    sql`delete from state`,
    sql`delete from passed`,
    sql`delete from pending`,
    sql`delete from page`,
    sql`insert into trigram (trigram) values ('delete-all')`,
    sql`create table entry (
      id integer primary key,
      path text not null,
      name text not null,
      words integer not null,
      body_words integer not null,
      tags text not null,
      category text
    ) strict`,
    sql`create table link (id integer primary key, links text not null) strict`,
    sql`create virtual table word using fts5(
      title, heading, body, tokenize = 'ascii', content = '', contentless_delete = 1
    )`,
    sql`insert into word (word, rank) values ('hashsize', 8388608)`,
  ];
}
