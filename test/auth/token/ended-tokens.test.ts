import { describe, expect, test } from 'vitest';
import { OPERATOR, type Principal } from '../../../src/auth/principal.ts';
import { indexed } from '../../../src/auth/token/token.ts';
import { scriptedStore } from '../../swap/scripted-store.ts';
import { ANNA, tokenBench, WIKI } from './token-support.ts';

describe('the end of a token', () => {
  test('is that of those that were made with it, and of theirs', async () => {
    const { make, service, changed } = tokenBench();
    const first = await make(ANNA, { rights: ['admin'] });
    const second = await make(first.principal, { rights: ['admin'] });
    const third = await make(second.principal);
    const other = await make(ANNA);
    changed.length = 0;
    await service.as(ANNA).revoke(first.id);
    const states = await Promise.all(
      [first, second, third, other].map(async ({ id }) => (await service.as(ANNA).read(id)).revokedMs),
    );
    expect(states.map(each => each !== undefined)).toEqual([true, true, true, false]);
    expect(new Set(changed).size).toBe(3);
    const again = await service.as(ANNA).revoke(first.id);
    expect(again.revokedMs).toBe(states[0]);
  });

  test('for all wikis is that of those that were made with it in each', async () => {
    const { make, store, service } = tokenBench();
    const there = tokenBench({ store, wiki: 'b'.repeat(32) });
    const first = await make(OPERATOR, { rights: ['admin'], allWikis: true });
    const made = await there.make(first.principal);
    const kept = await there.make(OPERATOR);
    await service.as(OPERATOR).revoke(first.id);
    const isRevoked = async (id: string) =>
      (await there.service.as(OPERATOR).read(id)).revokedMs !== undefined;
    expect([await isRevoked(made.id), await isRevoked(kept.id)]).toEqual([true, false]);
  });

  test('reads each of its owner’s tokens a few times at most, however many were made with it', async () => {
    const store = scriptedStore();
    const { make, service } = tokenBench({ store });
    const first = await make(ANNA, { rights: ['admin'] });
    for (let made = 0; made < 40; made += 1) await make(first.principal);
    const before = store.calls.gets;
    await service.as(ANNA).revoke(first.id);
    expect(store.calls.gets - before).toBeLessThan(6 * 40);
  });

  test('is written to the audit log, and so is its making', async () => {
    const { make, service, audited } = tokenBench();
    const { id } = await make(ANNA);
    await service.as(ANNA).revoke(id);
    expect(audited).toMatchObject([
      { actor: 'user:anna', action: 'token.create', subject: `token:${id}` },
      { actor: 'user:anna', action: 'token.revoke', subject: `token:${id}` },
    ]);
  });
});

describe('a change of an owner', () => {
  test('reaches all of its tokens, and none of others', async () => {
    const { make, service, store } = tokenBench();
    const [one, two] = [await make(ANNA), await make(ANNA)];
    const other = await make({ ...ANNA, id: 'user:bert' });
    const locked = async (id: string) => (await service.as(OPERATOR).read(id)).lockedMs !== undefined;
    await service.updateOwner('user:anna', { revision: 1 });
    expect([await locked(one.id), await locked(two.id), await locked(other.id)]).toEqual([true, true, false]);
    const demoted: Principal = { ...ANNA, standing: 'registered', grants: [], names: [] };
    await service.updateOwner('user:anna', { owner: demoted, revision: 2 });
    expect([await locked(one.id), await locked(two.id)]).toEqual([false, false]);
    const key =
      (await store.list(`tokens/${WIKI}/`)).objects.find(each => each.key.includes(one.id))?.key ?? '';
    const found = await store.get(`auth/${indexed(key)?.hash}`);
    const { owner } = JSON.parse(found.kind === 'found' ? found.bytes.toString() : '{}').body;
    expect(owner).toEqual({ ...demoted, author: ANNA.author });
  });

  test('does not bring back a token that was ended', async () => {
    const { make, service } = tokenBench();
    const { id } = await make(ANNA);
    await service.as(ANNA).revoke(id);
    await service.updateOwner('user:anna', { revision: 1 });
    await service.updateOwner('user:anna', { owner: ANNA, revision: 2 });
    expect(await service.as(ANNA).read(id)).toMatchObject({ revokedMs: expect.any(Number) });
  });

  test('is not undone by a process that comes late', async () => {
    const { make, service } = tokenBench();
    const { id } = await make(ANNA);
    await service.updateOwner('user:anna', { revision: 3 });
    await service.updateOwner('user:anna', { owner: ANNA, revision: 2 });
    expect(await service.as(OPERATOR).read(id)).toMatchObject({ lockedMs: expect.any(Number) });
  });
});
