import { type Kysely, sql } from 'kysely';

export const name = '0001-users';

/**
 * Column types that SQLite and PostgreSQL have in common; flags are 0 or 1, times are milliseconds since the epoch.
 * `email_key` is the address as it is compared. `revision` rises with each change of a user. `owner_change` names the users
 * whose tokens do not hold their newest revision yet. `audit` has an entry for each change by administrators.
 */
export function statements(_database: Kysely<unknown>) {
  return [
    sql`create table users (
      id text primary key,
      revision integer not null,
      name text not null,
      email text not null,
      email_key text not null unique,
      email_confirmed integer not null,
      password_hash text,
      is_approved integer not null,
      is_admin integer not null,
      allow_read integer not null,
      allow_write integer not null,
      allow_upload integer not null,
      first_seen_ms bigint not null,
      last_seen_ms bigint,
      locked_ms bigint
    )`,
    sql`create table owner_change (user_id text primary key, at_ms bigint not null)`,
    sql`create table audit (
      id text primary key,
      at_ms bigint not null,
      actor text not null,
      action text not null,
      subject text not null,
      detail text not null,
      outcome text not null,
      code text,
      ended_ms bigint
    )`,
    sql`create index audit_at on audit (at_ms, id)`,
  ];
}
