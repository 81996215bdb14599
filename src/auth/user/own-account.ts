import { insertEntry } from '../audit/audit-rows.ts';
import type { Principal } from '../principal.ts';
import { changedUser, describeChange } from './change-user.ts';
import type { UsersContext } from './context.ts';
import { notYourself, passwordWrong } from './errors.ts';
import { finishOwnerChanges, noteOwnerChange } from './owner-changes.ts';
import type { Passwords } from './passwords.ts';
import { ownerId, type User, userIdOf } from './user.ts';
import { findUser, type KeptUser, saveUser } from './user-rows.ts';

/** What users may change of themselves. */
export interface OwnAccount {
  /**
   * @throws KittiwakeError `user_required` for callers that are no users, and for tokens; `user_invalid`, `password_wrong`,
   * `password_invalid`, `passwords_busy`
   */
  update(change: OwnChange): Promise<User>;
}

export interface OwnChange {
  name?: string | undefined;
  password?: { current: string; next: string } | undefined;
}

export function ownAccount(principal: Principal, context: UsersContext): OwnAccount {
  const { database, passwords, keepMs } = context;
  return {
    async update({ name, password }) {
      const id = ownIdOf(principal);
      const known = await database.read(state => findUser(state, id), { maxAgeMs: 0 });
      if (!known) throw notYourself();
      const passwordHash = password ? await changedHash(known, password, passwords) : known.passwordHash;
      const user = await database.write(async (state, given) => {
        const kept = await findUser(state, id);
        if (!kept) throw notYourself();
        if (password && kept.passwordHash !== known.passwordHash) throw passwordWrong();
        const renamed = changedUser(kept.user, { name }, given.nowMs);
        if (renamed === kept.user && !password) return renamed;
        const after = { ...renamed, revision: kept.user.revision + 1 };
        await saveUser(state, { user: after, passwordHash: password ? passwordHash : kept.passwordHash });
        await noteOwnerChange(state, id, given.nowMs);
        const detail = { ...describeChange(kept.user, after), ...(password ? { password: 'changed' } : {}) };
        const event = { actor: principal.id, action: 'user.update', subject: ownerId(id), detail };
        await insertEntry(state, given, event, { outcome: 'done', keepMs });
        return after;
      });
      await finishOwnerChanges(context, id);
      return user;
    },
  };
}

async function changedHash(
  { passwordHash }: KeptUser,
  { current, next }: { current: string; next: string },
  passwords: Passwords,
): Promise<string | undefined> {
  if (!(await passwords.verify(current, passwordHash))) throw passwordWrong();
  return (await passwords.fulfil({ kind: 'given', password: next })).hash;
}

/** Not for tokens: who has found one must not be able to lock its owner out. @throws KittiwakeError `user_required` */
export function ownIdOf({ id, scope }: Principal): string {
  const userId = userIdOf(id);
  if (userId === undefined || scope !== undefined) throw notYourself();
  return userId;
}
