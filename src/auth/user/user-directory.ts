import type { Logger } from '../../core/log.ts';
import type { StateDatabase, StateWork } from '../../db/state/state-database.ts';
import type { StateTables } from '../../db/state/state-schema.ts';
import type { Principal } from '../principal.ts';
import type { OwnerNow } from '../token/tokens.ts';
import { ownerOf } from './owner-changes.ts';
import { isCurrentHash } from './password-hash.ts';
import type { Passwords } from './passwords.ts';
import { ownerId, principalOf } from './user.ts';
import { findUser, findUserByEmail, type KeptUser, saveUser } from './user-rows.ts';
import { mayBePassword } from './user-rules.ts';

/** Who the users of a wiki are, for those who ask in the course of a request. Makes no database. */
export interface UserDirectory {
  /**
   * The user with that address and password; undefined when there is none, it has no password, it is another one, or the user is
   * locked, and which of these takes the same time to find out. A user who was locked or whose password was changed elsewhere is
   * known here within a second.
   * @throws KittiwakeError `passwords_busy`; those of the database
   */
  verify(email: string, password: string): Promise<Principal | undefined>;

  /** What an owner of tokens is now, by the newest state. @param ownerId `user:` and the id */
  ownerNow(ownerId: string): Promise<OwnerNow>;
}

export interface DirectoryOptions {
  database: StateDatabase<StateTables>;
  passwords: Passwords;
  log: Pick<Logger, 'failure'>;
  now(): number;
}

const DAY_MS = 24 * 3600 * 1000;
/** A request waits no longer for that its login is noted. */
const NOTE_MS = 2_000;

export function createUserDirectory({ database, passwords, log, now }: DirectoryOptions): UserDirectory {
  return {
    async verify(email, password) {
      if (!mayBePassword(password) || !(await database.exists())) return undefined;
      const found = await database.read(state => findUserByEmail(state, email));
      const isRight = await passwords.verify(password, found?.passwordHash);
      if (!found || !isRight || found.user.lockedMs !== undefined) return undefined;
      await noteLogin(found, password);
      return principalOf(found.user);
    },
    async ownerNow(owner) {
      const id = owner.slice(ownerId('').length);
      const isThere = await database.exists();
      const found = isThere && (await database.read(state => findUser(state, id), { maxAgeMs: 0 }));
      return ownerOf(found ? found.user : undefined);
    },
  };

  /** Once a day; and a hash that was made by other rules is made anew. Nobody is refused because that fails. */
  async function noteLogin({ user, passwordHash = '' }: KeptUser, password: string): Promise<void> {
    const isSeen = user.lastSeenMs !== undefined && now() - user.lastSeenMs < DAY_MS;
    const isCurrent = isCurrentHash(passwordHash);
    if (isSeen && isCurrent) return;
    try {
      const renewed = isCurrent ? passwordHash : await passwords.hash(password);
      const note: StateWork<StateTables, void> = async (state, { nowMs }) => {
        const kept = await findUser(state, user.id);
        // The password may have been changed meanwhile.
        if (kept?.passwordHash !== passwordHash) return;
        await saveUser(state, { user: { ...kept.user, lastSeenMs: nowMs }, passwordHash: renewed });
      };
      await database.write(note, { deadlineMs: now() + NOTE_MS });
    } catch (error) {
      log.failure('login_unnoted', error);
    }
  }
}
