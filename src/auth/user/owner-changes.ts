import type { State } from '../../db/state/state-schema.ts';
import type { OwnerNow } from '../token/tokens.ts';
import type { TokenOwners, UsersContext } from './context.ts';
import { ownerId, principalOf, type User } from './user.ts';
import { findUser } from './user-rows.ts';

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
 * the next one. Where it fails, the change stays noted.
 * @param own the user whose tokens the caller waits for: then a failure with those of others is only logged
 * @returns how many users
 * @throws what telling the tokens of `own` throws
 */
export async function finishOwnerChanges(
  { database, owners, log }: Pick<UsersContext, 'database' | 'owners' | 'log'>,
  own?: string,
): Promise<number> {
  const failed = new Map<string, unknown>();
  let finished = 0;
  for (let round = 0; round < MOST_ROUNDS; round += 1) {
    const changed = await database.read(state => readChanges(state, [...failed.keys()]), { maxAgeMs: 0 });
    if (changed.length === 0) break;
    const told = await tellTokens(changed, owners, failed);
    if (told.length === 0) continue;
    const forgotten = await database.write(state => forgetApplied(state, told));
    finished += forgotten;
    if (forgotten + failed.size === changed.length && changed.length < MOST_AT_ONCE) break;
  }
  for (const [id, error] of failed) {
    if (id === own) throw error;
    log.failure('owner_untold', error, { owner: ownerId(id) });
  }
  return finished;
}

interface Changed {
  id: string;
  user: User | undefined;
}

async function readChanges(state: State, without: readonly string[]): Promise<Changed[]> {
  let query = state.selectFrom('owner_change').select('user_id');
  if (without.length > 0) query = query.where('user_id', 'not in', without);
  const rows = await query.orderBy('user_id').limit(MOST_AT_ONCE).execute();
  const changed: Changed[] = [];
  for (const { user_id: id } of rows) changed.push({ id, user: (await findUser(state, id))?.user });
  return changed;
}

/** Those whose tokens know of the change now. */
async function tellTokens(
  changed: readonly Changed[],
  owners: TokenOwners,
  failed: Map<string, unknown>,
): Promise<Changed[]> {
  const told: Changed[] = [];
  for (const each of changed) {
    try {
      await owners.updateOwner(ownerId(each.id), ownerOf(each.user));
      told.push(each);
    } catch (error) {
      failed.set(each.id, error);
    }
  }
  return told;
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
