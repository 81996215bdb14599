import { describe, expect, test } from 'vitest';
import { OPERATOR, type Principal } from '../../../src/auth/principal.ts';
import { ownerId } from '../../../src/auth/user/user.ts';
import { createWatchers } from '../../../src/auth/watch/watchers.ts';
import { type Watches, watchesOf } from '../../../src/auth/watch/watches.ts';
import { type MakeUserPlace, openUsers } from '../user/user-support.ts';

async function prepare(make: MakeUserPlace) {
  const { users, database } = openUsers(await make());
  const administration = users.administeredBy(OPERATOR);
  const add = async (name: string) => {
    const { user } = await administration.create({ name, email: `${name.toLowerCase()}@example.org` });
    const principal: Principal = { ...OPERATOR, id: ownerId(user.id), standing: 'approved' };
    return { id: user.id, principal, watches: watchesOf(principal, database) };
  };
  await add('Admin');
  return { administration, database, add, watchers: createWatchers(database) };
}

async function pathsOf(watches: Watches): Promise<string[]> {
  return (await watches.list({})).watches.map(({ path }) => path);
}

/** What holds of watches on every engine. */
export function watchesContract(engine: string, make: MakeUserPlace): void {
  describe(`watches, ${engine}`, () => {
    test('are there once, by path, and in pages', async () => {
      const { watches } = await (await prepare(make)).add('Anna');
      for (const path of ['docs/', '', 'docs/intro', 'docs/']) await watches.add(path);
      expect(await pathsOf(watches)).toEqual(['', 'docs/', 'docs/intro']);
      const first = await watches.list({ limit: 1 });
      expect(first.watches.map(({ path }) => path)).toEqual(['']);
      const second = await watches.list({ limit: 2, cursor: first.nextCursor });
      expect(second.watches.map(({ path }) => path)).toEqual(['docs/', 'docs/intro']);
      expect(second.nextCursor).toBeUndefined();
      await watches.remove('');
      await expect(watches.remove('')).rejects.toMatchObject({ code: 'watch_not_found' });
      expect(await pathsOf(watches)).toEqual(['docs/', 'docs/intro']);
    });

    test('are found by path, of those who may be written to', async () => {
      const { add, watchers, administration } = await prepare(make);
      const [anna, bob, locked] = [await add('Anna'), await add('Bob'), await add('Locked')];
      for (const { watches } of [anna, bob, locked]) await watches.add('docs/');
      await anna.watches.add('docs/intro');
      await administration.update(locked.id, { isLocked: true });
      const found = async () =>
        (await watchers.watching(['docs/intro', 'docs/', 'x'])).map(each => [each.userId, each.paths]);
      expect(await found()).toEqual(
        [
          [anna.id, ['docs/', 'docs/intro']],
          [bob.id, ['docs/']],
        ].sort(),
      );
      await administration.update(bob.id, { isEmailConfirmed: false });
      expect(await found()).toEqual([[anna.id, ['docs/', 'docs/intro']]]);
      expect(await watchers.end(anna.id, path => path === 'docs/')).toBe(1);
      expect(await found()).toEqual([[anna.id, ['docs/intro']]]);
    });

    test('go with their user', async () => {
      const { add, database, administration } = await prepare(make);
      const { id, watches } = await add('Anna');
      await watches.add('docs/');
      await administration.remove(id);
      expect(await database.read(state => state.selectFrom('watch').selectAll().execute())).toEqual([]);
      await expect(watches.add('docs/')).rejects.toMatchObject({ code: 'user_required' });
    });

    test('are of users alone, not of tokens', async () => {
      const { add, database } = await prepare(make);
      const { principal } = await add('Anna');
      const scoped: Principal = { ...principal, scope: { rights: ['read'] } };
      for (const caller of [OPERATOR, scoped]) {
        await expect(watchesOf(caller, database).add('')).rejects.toMatchObject({ code: 'user_required' });
      }
    });

    test('are a thousand at most', async () => {
      const { add, database } = await prepare(make);
      const { id, watches } = await add('Anna');
      await database.write(async state => {
        for (let n = 0; n < 999; n += 1) {
          await state
            .insertInto('watch')
            .values({ user_id: id, path: `p${n}`, created_ms: 1 })
            .execute();
        }
      });
      await watches.add('last');
      await expect(watches.add('more')).rejects.toMatchObject({ code: 'watches_full' });
      expect(await watches.add('last')).toMatchObject({ path: 'last' });
    });
  });
}
