import type { StateDatabase } from '../../db/state/state-database.ts';
import type { State, StateTables } from '../../db/state/state-schema.ts';
import { decodeCursor, encodeCursor } from '../list-cursor.ts';
import type { Principal } from '../principal.ts';
import { notYourself } from '../user/errors.ts';
import { ownIdOf } from '../user/own-account.ts';
import { findUser } from '../user/user-rows.ts';
import { watchesFull, watchNotFound } from './errors.ts';

/** What a user wants to be told of by mail. */
export interface Watch {
  /** `docs/intro` is a page, `docs/` what lies below one, the empty text the whole wiki. */
  path: string;
  createdMs: number;
}

/** The watches of one caller. Each call refuses callers that are no users, and tokens (`user_required`). */
export interface Watches {
  /** By path. @throws KittiwakeError `cursor_invalid` */
  list(query: { cursor?: string | undefined; limit?: number | undefined }): Promise<WatchPage>;
  /** There may be one already. @throws KittiwakeError `watches_full` */
  add(path: string): Promise<Watch>;
  /** @throws KittiwakeError `watch_not_found` */
  remove(path: string): Promise<void>;
}

export interface WatchPage {
  watches: Watch[];
  nextCursor?: string;
}

/** Of one user. */
const MOST_WATCHES = 1_000;
const MOST_LISTED = 200;

export function watchesOf(principal: Principal, database: StateDatabase<StateTables>): Watches {
  return {
    async list({ cursor, limit: wanted = MOST_LISTED }) {
      const id = ownIdOf(principal);
      const limit = Math.min(Math.max(wanted, 1), MOST_LISTED);
      const after = cursor === undefined ? undefined : decodeCursor(cursor, () => true);
      const watches = await database.read(state => listWatches(state, id, { after, limit: limit + 1 }), {
        maxAgeMs: 0,
      });
      const last = watches[limit - 1];
      if (watches.length <= limit || !last) return { watches };
      return { watches: watches.slice(0, limit), nextCursor: encodeCursor(last.path) };
    },
    async add(path) {
      const id = ownIdOf(principal);
      return await database.write(async (state, { nowMs }) => {
        if (!(await findUser(state, id))) throw notYourself();
        const kept = await findWatch(state, id, path);
        if (kept) return kept;
        if ((await countWatches(state, id)) >= MOST_WATCHES) throw watchesFull(MOST_WATCHES);
        await state.insertInto('watch').values({ user_id: id, path, created_ms: nowMs }).execute();
        return { path, createdMs: nowMs };
      });
    },
    async remove(path) {
      const id = ownIdOf(principal);
      await database.write(async state => {
        if (!(await findWatch(state, id, path))) throw watchNotFound(path === '' ? 'the whole wiki' : path);
        await state.deleteFrom('watch').where('user_id', '=', id).where('path', '=', path).execute();
      });
    },
  };
}

async function findWatch(state: State, userId: string, path: string): Promise<Watch | undefined> {
  const query = state.selectFrom('watch').selectAll().where('user_id', '=', userId);
  const row = await query.where('path', '=', path).executeTakeFirst();
  return row && { path: row.path, createdMs: row.created_ms };
}

async function listWatches(
  state: State,
  userId: string,
  { after, limit }: { after: string | undefined; limit: number },
): Promise<Watch[]> {
  let query = state.selectFrom('watch').selectAll().where('user_id', '=', userId);
  if (after !== undefined) query = query.where('path', '>', after);
  const rows = await query.orderBy('path').limit(limit).execute();
  return rows.map(row => ({ path: row.path, createdMs: row.created_ms }));
}

async function countWatches(state: State, userId: string): Promise<number> {
  const counted = state.selectFrom('watch').select(({ fn }) => fn.countAll<number>().as('count'));
  return Number((await counted.where('user_id', '=', userId).executeTakeFirstOrThrow()).count);
}
