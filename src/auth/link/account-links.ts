import { insertEntry } from '../audit/audit-rows.ts';
import type { UsersContext } from '../user/context.ts';
import { ownerId } from '../user/user.ts';
import { findUser, findUserByEmail, type KeptUser, saveUser } from '../user/user-rows.ts';
import { linkInvalid } from './errors.ts';
import { holdsPasswordToken, passwordToken, userOfPasswordToken } from './password-link.ts';
import type { LinkSigning } from './signed.ts';

/** What links in mails do to accounts. */
export interface AccountLinks {
  /**
   * A token that sets the password of the user once, until it expires.
   * @returns undefined when there is no such user, or it is locked
   */
  passwordToken(userId: string, expiresMs: number): Promise<string | undefined>;
  /** The user whose password may be recovered by that address. Undefined: there is none, or it is locked, or never had one. */
  recoverable(email: string): Promise<string | undefined>;
  /** @throws KittiwakeError `link_invalid`, `password_invalid`, `passwords_busy` */
  setPassword(token: string, password: string): Promise<void>;
}

export function accountLinks(
  signing: LinkSigning,
  { database, passwords, keepMs }: Pick<UsersContext, 'database' | 'passwords' | 'keepMs'>,
  now: () => number,
): AccountLinks {
  const find = async (id: string): Promise<KeptUser | undefined> => {
    const found = (await database.exists())
      ? await database.read(state => findUser(state, id), { maxAgeMs: 0 })
      : undefined;
    return found?.user.lockedMs === undefined ? found : undefined;
  };
  return {
    async passwordToken(userId, expiresMs) {
      const kept = await find(userId);
      return kept && passwordToken(signing, kept, expiresMs);
    },
    async recoverable(email) {
      if (!(await database.exists())) return undefined;
      const kept = await database.read(state => findUserByEmail(state, email), { maxAgeMs: 0 });
      if (kept?.passwordHash === undefined || kept.user.lockedMs !== undefined) return undefined;
      return kept.user.id;
    },
    async setPassword(token, password) {
      const userId = userOfPasswordToken(token);
      const known = userId === undefined ? undefined : await find(userId);
      if (!known || !holdsPasswordToken(signing, token, known, now()))
        throw linkInvalid('Setting the password');
      const { hash } = await passwords.fulfil({ kind: 'given', password });
      await database.write(async (state, given) => {
        const kept = await findUser(state, known.user.id);
        if (!kept || !holdsPasswordToken(signing, token, kept, given.nowMs))
          throw linkInvalid('Setting the password');
        const after = { ...kept.user, hasPassword: true, revision: kept.user.revision + 1 };
        await saveUser(state, { user: after, passwordHash: hash });
        const subject = ownerId(after.id);
        const event = { actor: subject, action: 'user.password', subject, detail: { how: 'link' } };
        await insertEntry(state, given, event, { outcome: 'done', keepMs });
      });
    },
  };
}
