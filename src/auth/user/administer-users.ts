import { isKittiwakeError } from '../../core/errors.ts';
import type { Given, StateWork } from '../../db/state/state-database.ts';
import type { State, StateTables } from '../../db/state/state-schema.ts';
import { checkAdministrator } from '../administrator.ts';
import type { AuditEntry } from '../audit/audit.ts';
import { insertEntry } from '../audit/audit-rows.ts';
import { decodeCursor, encodeCursor } from '../list-cursor.ts';
import type { Principal } from '../principal.ts';
import { changedUser, describeChange, isActiveAdmin, newUser } from './change-user.ts';
import type { UsersContext } from './context.ts';
import { lastAdmin, revisionStale, userExists, userNotFound } from './errors.ts';
import { finishOwnerChanges, noteOwnerChange } from './owner-changes.ts';
import { emailKey, type NewUser, ownerId, type PasswordWish, type User, type UserChange } from './user.ts';
import type { SavedUser, UserAdministration, UserPage } from './user-administration.ts';
import {
  deleteUser,
  findUser,
  findUserByEmail,
  hasOtherAdmin,
  hasUsers,
  insertUser,
  type KeptUser,
  listUsers,
  saveUser,
} from './user-rows.ts';
import { checkedEmail, checkedName } from './user-rules.ts';

const MOST_USERS = 200;
/** What a change that was made, but whose tokens were not told, is refused with when it is repeated: that finishes it. */
const REPEATED: ReadonlySet<string> = new Set(['user_not_found', 'precondition_failed']);

/** The users as one caller may see and change them. */
export function administerUsers(principal: Principal, context: UsersContext): UserAdministration {
  return new Administration(principal, context);
}

class Administration implements UserAdministration {
  readonly #actor: Principal;
  readonly #context: UsersContext;

  constructor(actor: Principal, context: UsersContext) {
    this.#actor = actor;
    this.#context = context;
  }

  async create(wish: NewUser): Promise<SavedUser> {
    checkAdministrator(this.#actor);
    // Before the work of hashing.
    const { name, email } = { name: checkedName(wish.name), email: checkedEmail(wish.email) };
    const { hash, generated } = await this.#context.passwords.fulfil(wish.password ?? { kind: 'none' });
    const user = await this.#write(async (state, given) => {
      const isFirst = !(await hasUsers(state));
      const made = newUser({ ...wish, name, email }, { id: given.id(), nowMs: given.nowMs, isFirst });
      if (!(await insertUser(state, { user: made, passwordHash: hash }))) throw userExists(email);
      const { isAdmin: admin, isApproved: approved, allow } = made;
      await this.#note(state, given, 'user.create', made, { email, admin, approved, allow });
      return made;
    });
    return { user, ...(generated === undefined ? {} : { generated }) };
  }

  async list(query: { cursor?: string; limit?: number }): Promise<UserPage> {
    checkAdministrator(this.#actor);
    const limit = Math.min(Math.max(query.limit ?? MOST_USERS, 1), MOST_USERS);
    const after = query.cursor === undefined ? '' : decodeCursor(query.cursor, key => key.includes('@'));
    const { database } = this.#context;
    if (!(await database.exists())) return { users: [] };
    const users = await database.read(state => listUsers(state, after, limit + 1), { maxAgeMs: 0 });
    const last = users[limit - 1];
    if (users.length <= limit || !last) return { users };
    return { users: users.slice(0, limit), nextCursor: encodeCursor(emailKey(last.email)) };
  }

  async read(id: string): Promise<User> {
    return (await this.#find(id, state => findUser(state, id))).user;
  }

  async findByEmail(email: string): Promise<User> {
    return (await this.#find(email, state => findUserByEmail(state, email))).user;
  }

  async update(id: string, change: UserChange, expected?: number): Promise<User> {
    checkAdministrator(this.#actor);
    return await this.#write(async (state, given) => {
      const kept = await expectUser(state, id, expected);
      const after = changedUser(kept.user, change, given.nowMs);
      if (after === kept.user) return after;
      await checkAdminStays(state, kept.user, after);
      await checkEmailIsFree(state, after);
      await saveUser(state, { ...kept, user: after });
      await noteOwnerChange(state, id, given.nowMs);
      await this.#note(state, given, 'user.update', after, describeChange(kept.user, after));
      return after;
    }, id);
  }

  async setPassword(id: string, wish: PasswordWish): Promise<SavedUser> {
    await this.read(id);
    const { hash, generated } = await this.#context.passwords.fulfil(wish);
    const user = await this.#write(async (state, given) => {
      const { user: before } = await expectUser(state, id);
      const after = { ...before, hasPassword: hash !== undefined, revision: before.revision + 1 };
      await saveUser(state, { user: after, passwordHash: hash });
      await this.#note(state, given, 'user.password', after, { how: wish.kind });
      return after;
    });
    return { user, ...(generated === undefined ? {} : { generated }) };
  }

  async remove(id: string, expected?: number): Promise<void> {
    checkAdministrator(this.#actor);
    await this.#write(async (state, given) => {
      const { user } = await expectUser(state, id, expected);
      await checkAdminStays(state, user, undefined);
      await deleteUser(state, id);
      await noteOwnerChange(state, id, given.nowMs);
      await this.#note(state, given, 'user.delete', user, { email: user.email });
    }, id);
  }

  async #find(what: string, find: (state: State) => Promise<KeptUser | undefined>): Promise<KeptUser> {
    checkAdministrator(this.#actor);
    const { database } = this.#context;
    const found = (await database.exists()) ? await database.read(find, { maxAgeMs: 0 }) : undefined;
    if (!found) throw userNotFound(what);
    return found;
  }

  /** @param id of the user whose tokens are to know before this resolves */
  async #write<R>(work: StateWork<StateTables, R>, id?: string): Promise<R> {
    const { database } = this.#context;
    try {
      const value = await database.write(work);
      await finishOwnerChanges(this.#context, id);
      return value;
    } catch (error) {
      if (isKittiwakeError(error) && REPEATED.has(error.code)) await finishOwnerChanges(this.#context, id);
      throw error;
    }
  }

  /** In the transaction of what it tells of. */
  async #note(
    state: State,
    given: Given,
    action: string,
    user: User,
    detail: AuditEntry['detail'],
  ): Promise<void> {
    const event = { actor: this.#actor.id, action, subject: ownerId(user.id), detail };
    await insertEntry(state, given, event, { outcome: 'done', keepMs: this.#context.keepMs });
  }
}

/** @throws KittiwakeError `user_not_found`, `precondition_failed` */
async function expectUser(state: State, id: string, expected?: number): Promise<KeptUser> {
  const kept = await findUser(state, id);
  if (!kept) throw userNotFound(id);
  const { revision } = kept.user;
  if (expected !== undefined && expected !== revision) throw revisionStale(expected, revision);
  return kept;
}

/** @throws KittiwakeError `last_admin` */
async function checkAdminStays(state: State, before: User, after: User | undefined): Promise<void> {
  if (!isActiveAdmin(before) || (after && isActiveAdmin(after))) return;
  if (await hasOtherAdmin(state, before.id)) return;
  throw lastAdmin(after === undefined ? 'delete' : after.isAdmin ? 'lock' : 'demote');
}

/** @throws KittiwakeError `user_exists` */
async function checkEmailIsFree(state: State, { id, email }: User): Promise<void> {
  const other = await findUserByEmail(state, email);
  if (other && other.user.id !== id) throw userExists(email);
}
