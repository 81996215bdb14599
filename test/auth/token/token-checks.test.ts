import { describe, expect, test } from 'vitest';
import { OPERATOR, type Principal } from '../../../src/auth/principal.ts';
import { tokenHash, tokenKey } from '../../../src/auth/token/token.ts';
import { type Check, TokenChecks } from '../../../src/auth/token/token-checks.ts';
import { systemRuntime } from '../../../src/core/runtime.ts';
import { type ScriptedStore, scriptedStore } from '../../swap/scripted-store.ts';
import { ANNA, refusal, tokenBench, WIKI } from './token-support.ts';

interface CheckBench {
  store: ScriptedStore;
  checks: TokenChecks;
  clock: { ms: number };
  /** How many look-ups were counted as attempts. */
  counted(): number;
  check(text: string, wiki?: string): Promise<Principal>;
  /** What was begun beside. */
  beside: Promise<unknown>[];
}

function checkBench(store = scriptedStore(), stalenessMs = 30_000): CheckBench {
  const clock = { ms: systemRuntime.now() };
  const runtime = { ...systemRuntime, now: () => clock.ms };
  const checks = new TokenChecks({ store: async () => store, runtime, stalenessMs });
  const beside: Promise<unknown>[] = [];
  let count = 0;
  const checkFor = (wiki: string): Check => ({
    wikiId: Object.assign(async () => wiki, { peek: () => wiki }),
    beside: work => void beside.push(work),
    counted: look => {
      count += 1;
      return look();
    },
  });
  return {
    store,
    checks,
    clock,
    beside,
    counted: () => count,
    check: async (text, wiki = WIKI) => checks.check(text, checkFor(wiki)),
  };
}

async function prepared(stalenessMs?: number) {
  const bench = checkBench(scriptedStore(), stalenessMs);
  const tokens = tokenBench({ store: bench.store, changed: hash => bench.checks.forget(hash) });
  const { text, id } = await tokens.make(ANNA);
  bench.store.calls.gets = 0;
  return { ...bench, text, id, tokens };
}

describe('a token that is checked', () => {
  test('is asked for once, however many come at once, and not again for a while', async () => {
    const { check, text, store, clock } = await prepared();
    const [one, two] = await Promise.all([check(text), check(text)]);
    expect(one).toBe(two);
    clock.ms += 4_999;
    expect(await check(text)).toBe(one);
    expect(store.calls.gets).toBe(1);
  });

  test('is then taken as it was, while it is asked for again', async () => {
    const { check, text, store, clock, beside } = await prepared();
    const first = await check(text);
    clock.ms += 20_000;
    let answer = () => {};
    store.nextGet(get => new Promise(resolve => (answer = () => resolve(get()))));
    expect(await check(text)).toBe(first);
    expect([store.calls.gets, beside.length]).toEqual([2, 1]);
    await systemRuntime.turn();
    answer();
    await Promise.all(beside);
    clock.ms += 20_000;
    expect(await check(text)).toBe(first);
  });

  test('counts no more when the store could not be asked for longer than the staleness', async () => {
    const { check, text, store, clock, beside } = await prepared();
    await check(text);
    const down = () => Promise.reject(new Error('the store is down'));
    clock.ms += 29_999;
    store.nextGet(down);
    await expect(check(text)).resolves.toMatchObject({ standing: 'approved' });
    await Promise.all(beside);
    clock.ms += 1;
    store.nextGet(down);
    await expect(check(text)).rejects.toThrow('the store is down');
    await expect(check(text)).resolves.toMatchObject({ standing: 'approved' });
  });

  test('is asked for each time where no staleness is allowed', async () => {
    const { check, text, store } = await prepared(0);
    await check(text);
    await check(text);
    expect(store.calls.gets).toBe(2);
  });

  test('is asked for again when the clock was set back', async () => {
    const { check, text, store, clock } = await prepared();
    await check(text);
    clock.ms -= 3_600_000;
    await check(text);
    expect(store.calls.gets).toBe(2);
  });

  test('ends at its time, to the millisecond, without being asked for', async () => {
    const { check, tokens, clock, store } = await prepared();
    const { text } = await tokens.make(ANNA, { expiresMs: clock.ms + 100_000 });
    clock.ms += 97_000;
    await check(text);
    clock.ms += 2_999;
    await expect(check(text)).resolves.toMatchObject({ token: { ownerId: 'user:anna' } });
    const asked = store.calls.gets;
    clock.ms += 1;
    await expect(check(text)).rejects.toEqual(refusal('auth_invalid', 'has expired'));
    expect(store.calls.gets).toBe(asked);
  });

  test('that was ended here is refused at once', async () => {
    const { check, text, id, tokens } = await prepared();
    await check(text);
    await tokens.service.as(ANNA).revoke(id);
    await expect(check(text)).rejects.toEqual(refusal('auth_invalid', 'was revoked'));
  });

  test('that was being read when it was ended here is not kept as it was read', async () => {
    const { check, text, id, tokens, store } = await prepared();
    let answer = () => {};
    store.nextGet(async get => {
      const found = await get();
      return new Promise(resolve => (answer = () => resolve(found)));
    });
    const early = check(text);
    await systemRuntime.turn();
    await tokens.service.as(ANNA).revoke(id);
    answer();
    await early;
    await expect(check(text)).rejects.toEqual(refusal('auth_invalid', 'was revoked'));
  });

  test('says that its owner is locked', async () => {
    const { check, text, tokens } = await prepared();
    await tokens.service.updateOwner('user:anna', { revision: 1 });
    await expect(check(text)).rejects.toEqual(refusal('auth_invalid', 'owner'));
  });

  test('is of one wiki, unless it is for all', async () => {
    const { check, text, tokens } = await prepared();
    const other = 'b'.repeat(32);
    await expect(check(text, other)).rejects.toEqual(
      refusal('token_of_other_wiki', 'Bearer token does not match this wiki'),
    );
    const all = await tokens.make(OPERATOR, { allWikis: true });
    await expect(check(all.text, other)).resolves.toMatchObject({ scope: { rights: ['read'] } });
  });
});

describe('a token that there is none of', () => {
  const stranger = `kw_${'x'.repeat(43)}`;

  test('is asked for once in a while, and counted each time', async () => {
    const { check, store, clock, counted } = checkBench();
    for (let time = 0; time < 3; time += 1) {
      await expect(check(stranger)).rejects.toEqual(refusal('auth_invalid', 'Invalid API key'));
    }
    expect([store.calls.gets, counted()]).toEqual([1, 1]);
    clock.ms += 5_000;
    await expect(check(stranger)).rejects.toEqual(refusal('auth_invalid'));
    expect([store.calls.gets, counted()]).toEqual([2, 2]);
  });

  test('is found as soon as it was made here', async () => {
    const { check, text, tokens, store } = await prepared();
    const found = await store.get(tokenKey(tokenHash(text)));
    if (found.kind !== 'found') throw new Error('there is no token');
    await store.delete([tokenKey(tokenHash(text))]);
    await expect(check(text)).rejects.toEqual(refusal('auth_invalid'));
    await store.put(tokenKey(tokenHash(text)), [found.bytes], { ifAbsent: true });
    await tokens.service.updateOwner('user:anna', { owner: ANNA, revision: 1 });
    await expect(check(text)).resolves.toMatchObject({ standing: 'approved' });
  });

  test('pushes nothing out that is known', async () => {
    const { check, text, store } = await prepared();
    await check(text);
    for (let guess = 0; guess < 20_000; guess += 1) {
      await check(`kw_${String(guess).padStart(43, '0')}`).catch(() => {});
    }
    const asked = store.calls.gets;
    await check(text);
    expect(store.calls.gets).toBe(asked);
  });

  test('is not let in because its document is damaged', async () => {
    const { check, text, store } = await prepared();
    const key = tokenKey(tokenHash(text));
    await store.delete([key]);
    await store.put(key, [Buffer.from('{"format":"token 1","body":{"id":"x"}}')], { ifAbsent: true });
    await expect(check(text)).rejects.toThrow();
    await store.delete([key]);
    await store.put(key, [Buffer.from('{"format":"token 9","body":{}}')], { ifAbsent: true });
    await expect(check(text)).rejects.toEqual(refusal('object_unreadable'));
  });
});
