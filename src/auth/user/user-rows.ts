import type { State, UserRow } from '../../db/state/state-schema.ts';
import { isStorable } from '../storable-text.ts';
import { emailKey, type Flag, type User } from './user.ts';

/** What the database keeps of a user, and what no administrator sees. */
export interface KeptUser {
  user: User;
  passwordHash: string | undefined;
}

export async function findUser(state: State, id: string): Promise<KeptUser | undefined> {
  if (!/^[0-9a-f]{32}$/.test(id)) return undefined;
  return kept(await state.selectFrom('users').selectAll().where('id', '=', id).executeTakeFirst());
}

/** @param email in any case */
export async function findUserByEmail(state: State, email: string): Promise<KeptUser | undefined> {
  if (!isStorable(email)) return undefined;
  const query = state.selectFrom('users').selectAll().where('email_key', '=', emailKey(email));
  return kept(await query.executeTakeFirst());
}

/** By address, those that follow `after`. */
export async function listUsers(state: State, after: string, limit: number): Promise<User[]> {
  const query = state.selectFrom('users').selectAll().where('email_key', '>', after);
  const rows = await query.orderBy('email_key').limit(limit).execute();
  return rows.map(userOf);
}

/** False when there is another user with that address. */
export async function insertUser(state: State, { user, passwordHash }: KeptUser): Promise<boolean> {
  const insertion = state.insertInto('users').values(rowOf(user, passwordHash));
  const inserted = await insertion.onConflict(clash => clash.doNothing()).execute();
  return inserted.some(({ numInsertedOrUpdatedRows }) => Number(numInsertedOrUpdatedRows) > 0);
}

export async function saveUser(state: State, { user, passwordHash }: KeptUser): Promise<void> {
  await state.updateTable('users').set(rowOf(user, passwordHash)).where('id', '=', user.id).execute();
}

/** With what it watches. */
export async function deleteUser(state: State, id: string): Promise<void> {
  await state.deleteFrom('watch').where('user_id', '=', id).execute();
  await state.deleteFrom('users').where('id', '=', id).execute();
}

export async function hasUsers(state: State): Promise<boolean> {
  return (await state.selectFrom('users').select('id').limit(1).executeTakeFirst()) !== undefined;
}

/** True when somebody else can administer. */
export async function hasOtherAdmin(state: State, id: string): Promise<boolean> {
  const others = state.selectFrom('users').select('id').where('id', '!=', id);
  const admins = others.where('is_admin', '=', 1).where('locked_ms', 'is', null);
  return (await admins.limit(1).executeTakeFirst()) !== undefined;
}

function kept(row: UserRow | undefined): KeptUser | undefined {
  return row && { user: userOf(row), passwordHash: row.password_hash ?? undefined };
}

export function userOf(row: UserRow): User {
  const flags: [Flag, number][] = [
    ['read', row.allow_read],
    ['write', row.allow_write],
    ['upload', row.allow_upload],
  ];
  return {
    id: row.id,
    revision: row.revision,
    name: row.name,
    email: row.email,
    isEmailConfirmed: row.email_confirmed === 1,
    hasPassword: row.password_hash !== null,
    isApproved: row.is_approved === 1,
    isAdmin: row.is_admin === 1,
    allow: flags.filter(([, given]) => given === 1).map(([flag]) => flag),
    firstSeenMs: row.first_seen_ms,
    ...(row.last_seen_ms === null ? {} : { lastSeenMs: row.last_seen_ms }),
    ...(row.locked_ms === null ? {} : { lockedMs: row.locked_ms }),
  };
}

function rowOf(user: User, passwordHash: string | undefined): UserRow {
  const given = (flag: Flag) => Number(user.allow.includes(flag));
  return {
    id: user.id,
    revision: user.revision,
    name: user.name,
    email: user.email,
    email_key: emailKey(user.email),
    email_confirmed: Number(user.isEmailConfirmed),
    password_hash: passwordHash ?? null,
    is_approved: Number(user.isApproved),
    is_admin: Number(user.isAdmin),
    allow_read: given('read'),
    allow_write: given('write'),
    allow_upload: given('upload'),
    first_seen_ms: user.firstSeenMs,
    last_seen_ms: user.lastSeenMs ?? null,
    locked_ms: user.lockedMs ?? null,
  };
}
