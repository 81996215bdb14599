import type { StateDatabase } from '../../db/state/state-database.ts';
import type { State, StateTables } from '../../db/state/state-schema.ts';
import type { OwnerNow } from '../token/tokens.ts';
import { ownerId, principalOf, type User } from './user.ts';
import { findUser } from './user-rows.ts';

/** Where tokens keep what their owners may do. */
export interface TokenOwners {
  /** Writes to each token of an owner what the owner is now. May be repeated freely. */
  updateOwner(ownerId: string, now: OwnerNow): Promise<void>;
}

/** A round ends when nobody changed a user meanwhile; others who go on changing the same one do our work, too. */
const MOST_ROUNDS = 20;
const MOST_AT_ONCE = 100;
/** Revision of a user that was deleted: no other follows. */
const GONE = Number.MAX_SAFE_INTEGER;

/** Notes, in the transaction that changes a user, that its tokens do not say so yet. */
export async function noteOwnerChange(state: State, userId: string, nowMs: number): Promise<void> {
  await state
    .insertInto('owner_change')
    .values({ user_id: userId, at_ms: nowMs })
    .onConflict(clash => clash.column('user_id').doUpdateSet({ at_ms: nowMs }))
    .execute();
}

/**
 * Brings the tokens of all users that were changed up to date. What a process that ended between the two left undone is done by
 * the next one.
 * @returns how many users
 */
export async function finishOwnerChanges(
  database: StateDatabase<StateTables>,
  owners: TokenOwners,
): Promise<number> {
  let finished = 0;
  for (let round = 0; round < MOST_ROUNDS; round += 1) {
    const changed = await database.read(readChanges, { maxAgeMs: 0 });
    if (changed.length === 0) break;
    for (const { id, user } of changed) {
      await owners.updateOwner(ownerId(id), ownerOf(user));
    }
    finished += await database.write(state => forgetApplied(state, changed));
  }
  return finished;
}

interface Changed {
  id: string;
  user: User | undefined;
}

async function readChanges(state: State): Promise<Changed[]> {
  const rows = await state
    .selectFrom('owner_change')
    .select('user_id')
    .orderBy('user_id')
    .limit(MOST_AT_ONCE)
    .execute();
  const changed: Changed[] = [];
  for (const { user_id: id } of rows) changed.push({ id, user: (await findUser(state, id))?.user });
  return changed;
}

/** A user that was changed again meanwhile stays noted. */
async function forgetApplied(state: State, applied: readonly Changed[]): Promise<number> {
  let count = 0;
  for (const { id, user } of applied) {
    const now = (await findUser(state, id))?.user;
    if (now?.revision !== user?.revision) continue;
    await state.deleteFrom('owner_change').where('user_id', '=', id).execute();
    count += 1;
  }
  return count;
}

export function ownerOf(user: User | undefined): OwnerNow {
  if (user === undefined) return { revision: GONE };
  const { revision, lockedMs } = user;
  return lockedMs === undefined ? { owner: principalOf(user), revision } : { revision };
}
