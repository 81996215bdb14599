import { expect, test } from 'vitest';
import { tokenFormat, tokenHash, tokenKey } from '../../src/auth/token/token.ts';
import { backUp, bringBack, type CopyOptions, type Side } from '../../src/backup/back-up.ts';
import { systemRuntime } from '../../src/core/runtime.ts';
import { openRepository } from '../../src/git/open.ts';
import { collectGarbage } from '../../src/git/upkeep/gc.ts';
import { mergeNewest } from '../../src/git/upkeep/merge.ts';
import type { ByteStore } from '../../src/storage/byte-store.ts';
import { createMemoryByteStore } from '../../src/storage/memory.ts';
import { tokenBench, WIKI } from '../auth/token/token-support.ts';
import { byOperator, fileUsers, openUsers, type UserState } from '../auth/user/user-support.ts';
import { expectNoFindings } from '../support/data-folder.ts';
import { commitFiles, newRepository } from '../support/repository.ts';

/** A place for a wiki, with whom its tokens belong to. */
function place() {
  const store = createMemoryByteStore();
  const tokens = tokenBench({ store });
  const users = openUsers(fileUsers(), { owners: tokens.service });
  return { store, tokens, users, side: { store, state: users.database } };
}

/** A wiki of a few packs, with a user who has a token. */
async function filled() {
  const at = place();
  const repository = await newRepository({ store: at.store, uuid: WIKI });
  for (const path of ['a.md', 'b.md', 'c.md', 'd.md']) {
    await commitFiles(repository, { [path]: path.repeat(1_000) });
    await repository.flusher.flush();
  }
  await at.store.put('wikis/main', [Buffer.from('{}')], { ifAbsent: true });
  await byOperator(at.users).create({ name: 'Root', email: 'root@example.org' });
  const { user } = await byOperator(at.users).create({ name: 'Anna', email: 'anna@example.org' });
  const { owner } = await at.users.users.ownerNow(`user:${user.id}`);
  if (owner === undefined) throw new Error('there is no such user');
  const { text } = await at.tokens.make(owner);
  return { ...at, repository, user, text };
}

const copying = (from: Side, to: Side): CopyOptions => ({
  from,
  to,
  wiki: 'main',
  uuid: WIKI,
  nameKey: 'wikis/main',
  runtime: systemRuntime,
  signal: new AbortController().signal,
  advance: () => {},
});

/** The state of a source at which something happens before it is read for the first time. */
function changedBefore(state: UserState, change: () => Promise<void>): UserState {
  let happened: Promise<void> | undefined;
  const ready = () => {
    happened ??= change();
    return happened;
  };
  return {
    engine: state.engine,
    exists: async () => ready().then(() => state.exists()),
    read: async (...call) => ready().then(() => state.read(...call)),
    write: (...call) => state.write(...call),
    status: () => state.status(),
    migrate: () => state.migrate(),
    close: () => state.close(),
  };
}

async function tokenIn(store: ByteStore, text: string) {
  const found = await store.get(tokenKey(tokenHash(text)));
  if (found.kind !== 'found') throw new Error('there is no such token');
  return tokenFormat.decode(found.bytes).body;
}

test.each(['lock', 'delete'] as const)(
  'a token that was copied before a call to %s its owner is refused once it is back',
  async what => {
    const { store, users, side, user, text } = await filled();
    const admin = byOperator(users);
    const change = async () => {
      if (what === 'lock') await admin.update(user.id, { isLocked: true });
      else await admin.remove(user.id);
    };
    const [folder, restored] = [place(), place()];
    await backUp(copying({ ...side, state: changedBefore(side.state, change) }, folder.side));
    expect((await tokenIn(store, text)).lockedMs).toBeDefined();
    await bringBack(copying(folder.side, restored.side));
    expect(await restored.users.users.finish()).toBe(1);
    expect((await tokenIn(restored.store, text)).lockedMs).toBeDefined();
  },
);

test('packs that upkeep removes while the rest is copied stay in the copy, whose ledger lists them', async () => {
  const { side, repository } = await filled();
  const change = async () => {
    await mergeNewest(repository, {});
    const { deleted } = await collectGarbage(repository, { readerGraceMs: -1_000 });
    expect(deleted).toHaveLength(4);
  };
  const folder = place();
  const examine = () =>
    expectNoFindings(openRepository({ store: folder.store, uuid: WIKI, runtime: systemRuntime }));
  await backUp(copying({ ...side, state: changedBefore(side.state, change) }, folder.side));
  await examine();
  await backUp(copying(side, folder.side));
  await examine();
});

test('users who came later are not replaced by those of a backup', async () => {
  const { side } = await filled();
  const [folder, target] = [place(), place()];
  await backUp(copying(side, folder.side));
  await byOperator(target.users).create({ name: 'Bert', email: 'bert@example.org' });
  await expect(bringBack(copying(folder.side, target.side))).rejects.toMatchObject({ code: 'wiki_exists' });
  expect((await byOperator(target.users).list({})).users).toHaveLength(1);
  expect((await target.store.list('')).objects).toEqual([]);
});
