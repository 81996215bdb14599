import type { StateDatabase } from '../../db/state/state-database.ts';
import type { State, StateTables } from '../../db/state/state-schema.ts';
import type { Principal } from '../principal.ts';
import { principalOf, type User } from '../user/user.ts';
import { findUser, userOf } from '../user/user-rows.ts';

/** A user who may be sent mails, as it is now. */
export interface MailReader {
  userId: string;
  email: string;
  principal: Principal;
}

/** Users, and what they watch, for those who write to them. Makes no database. */
export interface Watchers {
  /** Who watches one of these paths, by id, with the paths among them that each watches. */
  watching(paths: readonly string[]): Promise<Watcher[]>;
  /** Everybody who watches anything. */
  all(): Promise<Watcher[]>;
  /** Undefined: there is no such user, or it is locked, or its address is not confirmed. */
  reader(userId: string): Promise<MailReader | undefined>;
  /** A user, whether or not its address is confirmed. Undefined: there is none, or it is locked. */
  account(userId: string): Promise<User | undefined>;
  /** Those who administer the wiki and may be sent mails, by id. */
  administrators(): Promise<MailReader[]>;
  /** Ends those watches of a user that `isMeant`. @returns how many */
  end(userId: string, isMeant: (path: string) => boolean): Promise<number>;
}

export interface Watcher extends MailReader {
  /** In the order of their code units. */
  paths: string[];
}

/** SQLite takes some thousand parameters. */
const MOST_PATHS_AT_ONCE = 500;

export function createWatchers(database: StateDatabase<StateTables>): Watchers {
  const read = async <R>(work: (state: State) => Promise<R>, none: R): Promise<R> =>
    (await database.exists()) ? await database.read(work, { maxAgeMs: 0 }) : none;
  return {
    watching: paths => read(state => watchersOf(state, paths), []),
    all: () => read(state => watchersOf(state, undefined), []),
    reader: userId => read(async state => readerOf((await findUser(state, userId))?.user), undefined),
    async account(userId) {
      const user = await read(async state => (await findUser(state, userId))?.user, undefined);
      return user?.lockedMs === undefined ? user : undefined;
    },
    administrators: () => read(administratorsOf, []),
    async end(userId, isMeant) {
      if (!(await database.exists())) return 0;
      return await database.write(async state => {
        const mine = state.selectFrom('watch').select('path').where('user_id', '=', userId);
        const ended = (await mine.execute()).map(({ path }) => path).filter(isMeant);
        for (const path of ended) {
          await state.deleteFrom('watch').where('user_id', '=', userId).where('path', '=', path).execute();
        }
        return ended.length;
      });
    },
  };
}

async function watchersOf(state: State, paths: readonly string[] | undefined): Promise<Watcher[]> {
  const byUser = new Map<string, string[]>();
  for (const row of await watchRows(state, paths)) {
    byUser.set(row.user_id, [...(byUser.get(row.user_id) ?? []), row.path]);
  }
  const watchers: Watcher[] = [];
  for (const [id, watched] of [...byUser].sort(([one], [other]) => (one < other ? -1 : 1))) {
    const reader = readerOf((await findUser(state, id))?.user);
    if (reader) watchers.push({ ...reader, paths: watched.sort() });
  }
  return watchers;
}

async function watchRows(
  state: State,
  paths: readonly string[] | undefined,
): Promise<{ user_id: string; path: string }[]> {
  const all = state.selectFrom('watch').select(['user_id', 'path']);
  if (paths === undefined) return await all.execute();
  const rows: { user_id: string; path: string }[] = [];
  for (let at = 0; at < paths.length; at += MOST_PATHS_AT_ONCE) {
    rows.push(...(await all.where('path', 'in', paths.slice(at, at + MOST_PATHS_AT_ONCE)).execute()));
  }
  return rows;
}

async function administratorsOf(state: State): Promise<MailReader[]> {
  const admins = state.selectFrom('users').selectAll().where('is_admin', '=', 1);
  const users = (await admins.orderBy('id').execute()).map(userOf);
  return users.flatMap(user => readerOf(user) ?? []);
}

function readerOf(user: User | undefined): MailReader | undefined {
  if (user === undefined || user.lockedMs !== undefined || !user.isEmailConfirmed) return undefined;
  return { userId: user.id, email: user.email, principal: principalOf(user) };
}
