import type { Kysely } from 'kysely';
import type { MigrationSet } from '../migration.ts';
import * as users from '../migrations/state/0001-users.ts';
import * as watches from '../migrations/state/0002-watches.ts';

/** Users, what they watch, and the audit log: see the migrations for what each table is for. */
export const stateSchema: MigrationSet = { name: 'state', migrations: [users, watches] };

export interface StateTables {
  users: UserRow;
  owner_change: { user_id: string; at_ms: number };
  audit: AuditRow;
  watch: { user_id: string; path: string; created_ms: number };
}

/** What a transaction works on. */
export type State = Kysely<StateTables>;

export interface UserRow {
  id: string;
  revision: number;
  name: string;
  email: string;
  email_key: string;
  email_confirmed: number;
  password_hash: string | null;
  is_approved: number;
  is_admin: number;
  allow_read: number;
  allow_write: number;
  allow_upload: number;
  first_seen_ms: number;
  last_seen_ms: number | null;
  locked_ms: number | null;
}

export interface AuditRow {
  id: string;
  at_ms: number;
  actor: string;
  action: string;
  subject: string;
  /** JSON. */
  detail: string;
  outcome: string;
  code: string | null;
  ended_ms: number | null;
}
