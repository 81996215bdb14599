import { describe, expect, test } from 'vitest';
import { OPERATOR, type Principal, type Right } from '../../../src/auth/principal.ts';
import { systemRuntime } from '../../../src/core/runtime.ts';
import type { ByteStore } from '../../../src/storage/byte-store.ts';
import { lost, scriptedStore } from '../../swap/scripted-store.ts';
import { ANNA, refusal, tokenBench } from './token-support.ts';

const DAY_MS = 24 * 3600 * 1000;

async function bytesOf(store: ByteStore): Promise<string> {
  const { objects } = await store.list('');
  const texts = await Promise.all(
    objects.map(async ({ key }) => {
      const found = await store.get(key);
      return `${key} ${found.kind === 'found' ? found.bytes.toString('latin1') : ''}`;
    }),
  );
  return texts.join('\n');
}

describe('a new token', () => {
  test('is shown once: nothing that is kept holds it', async () => {
    const { store, make, audited } = tokenBench();
    const { text } = await make(ANNA);
    expect(text).toMatch(/^kw_[\w-]{43}$/);
    const kept = await bytesOf(store);
    expect(kept).toContain('user:anna');
    for (const part of [text, text.slice(3), text.slice(3, 23)]) {
      expect(kept).not.toContain(part);
      expect(JSON.stringify(audited)).not.toContain(part);
    }
  });

  test('stands for its owner, within what it was made for', async () => {
    const { make } = tokenBench();
    const { principal, id } = await make(ANNA, { rights: ['upload'], prefix: '/Docs//Intro.md/' });
    expect(principal).toMatchObject({
      id: `token:${id}`,
      standing: 'approved',
      grants: ['upload'],
      names: [`token:${id}`, 'user:anna@example.org'],
      author: ANNA.author,
      scope: { rights: ['read', 'write', 'upload'], prefix: 'docs/intro' },
    });
  });

  test('that an operator makes is a program of its own, that rules bind', async () => {
    const { make } = tokenBench();
    const author = { name: 'Bot', email: 'bot@example.org' };
    const { principal, id } = await make(OPERATOR, { rights: ['write'], author });
    expect(principal).toMatchObject({ standing: 'approved', grants: ['read', 'write'], author });
    expect(principal.names).toEqual([`token:${id}`]);
    expect((await make(OPERATOR, { rights: ['admin'] })).principal.standing).toBe('admin');
  });

  test.each<[string, object]>([
    ['no name', { name: ' ' }],
    ['a long name', { name: 'x'.repeat(101) }],
    ['a name of two lines', { name: 'a\nb' }],
    ['no rights', { rights: [] }],
    ['a right that there is none', { rights: ['all'] }],
    ['a prefix that leads out', { prefix: 'docs/../secret' }],
    ['a prefix of git', { prefix: 'docs/.GIT' }],
    ['a prefix with a control character', { prefix: 'a\0b' }],
    ['a long prefix', { prefix: 'x'.repeat(501) }],
    ['an end in the past', { expiresMs: systemRuntime.now() - 1 }],
    ['an end that is no time', { expiresMs: Number.NaN }],
    ['an end out of all proportion', { expiresMs: 8.64e15 }],
  ])('is refused with %s', async (_, wish) => {
    const { service, store } = tokenBench();
    const wanted = { name: 'x', rights: ['read'] as Right[], ...wish };
    await expect(service.as(ANNA).create(wanted)).rejects.toEqual(refusal('token_invalid'));
    expect((await store.list('')).objects).toEqual([]);
  });

  test('of nobody there is none', async () => {
    const nobody: Principal = { id: 'anonymous', standing: 'anonymous', grants: [], names: [] };
    const { service } = tokenBench();
    const made = service.as(nobody).create({ name: 'x', rights: ['read'] });
    await expect(made).rejects.toEqual(refusal('forbidden'));
  });

  test('names an author, or all wikis, for operators only', async () => {
    const { make } = tokenBench();
    const author = { name: 'Eve', email: 'eve@example.org' };
    await expect(make(ANNA, { author })).rejects.toEqual(refusal('forbidden'));
    await expect(make(ANNA, { allWikis: true })).rejects.toEqual(refusal('forbidden'));
    await expect(make(OPERATOR, { author: { name: 'x', email: 'no' } })).rejects.toEqual(
      refusal('token_invalid'),
    );
    await expect(make(OPERATOR, { allWikis: true })).resolves.toMatchObject({ text: expect.any(String) });
  });

  test('made with a token has no more than that one', async () => {
    const { make } = tokenBench();
    const expiresMs = systemRuntime.now() + DAY_MS;
    const { principal } = await make(ANNA, { rights: ['admin'], prefix: 'docs', expiresMs });
    const refused = [{ prefix: 'other' }, { prefix: 'docs2' }, { expiresMs: expiresMs + 1 }];
    for (const wish of refused) await expect(make(principal, wish)).rejects.toEqual(refusal('forbidden'));
    const child = await make(principal, { prefix: 'docs/intro' });
    expect(child.principal).toMatchObject({
      scope: { rights: ['read'], prefix: 'docs/intro' },
      token: { ownerId: 'user:anna', expiresMs },
      names: [`token:${child.id}`, 'user:anna@example.org'],
    });
    expect((await make(principal)).principal.scope?.prefix).toBe('docs');
  });

  test('that administers may do the rest, too', async () => {
    const { make } = tokenBench();
    const { principal } = await make(ANNA, { rights: ['admin'] });
    expect(principal.scope?.rights).toEqual(['read', 'write', 'upload', 'admin']);
  });

  test('is not made with one that does not administer: it would outlive that one', async () => {
    const { make } = tokenBench();
    for (const right of ['read', 'write', 'upload'] as const) {
      const { principal } = await make(ANNA, { rights: [right] });
      await expect(make(principal)).rejects.toEqual(refusal('forbidden', '"admin"'));
    }
  });

  test('made with one that was revoked elsewhere meanwhile is revoked, too', async () => {
    const { make, service } = tokenBench();
    const { principal, id } = await make(ANNA, { rights: ['admin'] });
    await service.as(ANNA).revoke(id);
    await expect(make(principal)).rejects.toEqual(refusal('auth_invalid'));
    const { tokens } = await service.as(ANNA).list({});
    expect(tokens.map(({ revokedMs }) => revokedMs !== undefined)).toEqual([true, true]);
  });

  test('whose owner is locked meanwhile is locked, too', async () => {
    const { make, service } = tokenBench({ ownerNow: async () => ({ revision: 1 }) });
    const { id } = await make(ANNA);
    expect(await service.as(OPERATOR).read(id)).toMatchObject({ lockedMs: expect.any(Number) });
  });

  test('that was not written for certain is told as unknown, and leaves what a list passes over', async () => {
    const store = scriptedStore();
    const { service, make } = tokenBench({ store });
    store.nextPut(lost);
    await expect(make(ANNA)).rejects.toEqual(refusal('outcome_unknown'));
    store.nextPut(put => put());
    store.nextPut(() => Promise.reject(new Error('the process ends')));
    store.nextGet(() => Promise.reject(new Error('the process ends')));
    await make(ANNA).catch(() => {});
    await make(ANNA, { name: 'Whole' });
    const { tokens } = await service.as(ANNA).list({});
    expect(tokens.map(({ name }) => name)).toContain('Whole');
  });

  test('can be had a thousand times by one owner', async () => {
    const bench = tokenBench();
    const { make, store } = bench;
    await make(ANNA);
    const [first] = (await store.list('tokens/')).objects;
    const prefix = first?.key.slice(0, first.key.lastIndexOf('/') + 1);
    const names = Array.from({ length: 999 }, (_, index) => `${index}`.padStart(16, '0'));
    for (const name of names) {
      await store.put(`${prefix}${name}.${'0'.repeat(64)}`, [Buffer.from('x')], { immutable: true });
    }
    await expect(make(ANNA)).rejects.toEqual(refusal('tokens_full', '1000'));
    await expect(make({ ...ANNA, id: 'user:bert' })).resolves.toMatchObject({ id: expect.any(String) });
  });
});

describe('who sees and ends tokens', () => {
  const bert: Principal = { ...ANNA, id: 'user:bert', names: ['user:bert@example.org'] };
  const admin: Principal = { ...ANNA, id: 'user:admin', standing: 'admin' };

  test('an owner only those of its own, an administrator all', async () => {
    const { make, service } = tokenBench();
    const [annas, berts] = [await make(ANNA), await make(bert)];
    const listed = async (caller: Principal, all: boolean) =>
      (await service.as(caller).list({ all })).tokens.map(({ id }) => id).sort();
    expect(await listed(ANNA, false)).toEqual([annas.id]);
    expect(await listed(admin, false)).toEqual([]);
    expect(await listed(admin, true)).toEqual([annas.id, berts.id].sort());
    await expect(listed(ANNA, true)).rejects.toEqual(refusal('forbidden'));
    for (const act of ['read', 'revoke'] as const) {
      await expect(service.as(ANNA)[act](berts.id)).rejects.toEqual(refusal('token_not_found'));
    }
    expect(await service.as(admin).revoke(berts.id)).toMatchObject({ revokedMs: expect.any(Number) });
    expect(await service.as(bert).read(berts.id)).toMatchObject({ revokedMs: expect.any(Number) });
  });

  test('a token only itself and what was made with it', async () => {
    const { make, service } = tokenBench();
    const [own, other] = [await make(ANNA, { rights: ['admin'] }), await make(ANNA)];
    const child = await make(own.principal);
    const { tokens } = await service.as(own.principal).list({});
    expect(tokens.map(({ id }) => id).sort()).toEqual([own.id, child.id].sort());
    await expect(service.as(own.principal).revoke(other.id)).rejects.toEqual(refusal('token_not_found'));
  });

  test('an administrator’s token administers only with that right, and for the whole wiki', async () => {
    const { make, service } = tokenBench();
    const all = { all: true };
    const full = await make(admin, { rights: ['admin'] });
    expect((await service.as(full.principal).list(all)).tokens).toHaveLength(1);
    for (const wish of [
      { rights: ['upload'] as Right[] },
      { rights: ['admin'] as Right[], prefix: 'docs' },
    ]) {
      const { principal } = await make(admin, wish);
      await expect(service.as(principal).list(all)).rejects.toEqual(refusal('forbidden'));
    }
  });

  test('nobody those of another wiki', async () => {
    const { make, store } = tokenBench();
    const { id } = await make(ANNA);
    const other = tokenBench({ store, wiki: 'b'.repeat(32) });
    for (const caller of [OPERATOR, admin, ANNA]) {
      await expect(other.service.as(caller).read(id)).rejects.toEqual(refusal('token_not_found'));
      expect((await other.service.as(caller).list({ all: caller !== ANNA })).tokens).toEqual([]);
    }
  });

  test('operators those for all wikis', async () => {
    const { make, store } = tokenBench();
    const { id } = await make(OPERATOR, { allWikis: true });
    const other = tokenBench({ store, wiki: 'b'.repeat(32) });
    expect((await other.service.as(OPERATOR).list({})).tokens).toMatchObject([{ id, allWikis: true }]);
    expect((await other.service.as(admin).list({ all: true })).tokens).toEqual([]);
  });

  test.each(['', 'x', '../../wikis/main', '0'.repeat(15), 'F'.repeat(16)])('%j is no id', async id => {
    const { service } = tokenBench();
    await expect(service.as(OPERATOR).read(id)).rejects.toEqual(refusal('token_not_found'));
  });

  test('a list comes in pages, and takes no cursor of another list', async () => {
    const { make, service } = tokenBench();
    for (let made = 0; made < 5; made += 1) await make(ANNA);
    await make(bert);
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await service.as(ANNA).list({ limit: 2, ...(cursor === undefined ? {} : { cursor }) });
      expect(page.tokens.length).toBeLessThanOrEqual(2);
      seen.push(...page.tokens.map(({ id }) => id));
      cursor = page.nextCursor;
    } while (cursor !== undefined);
    expect(new Set(seen).size).toBe(5);
    const { nextCursor = '' } = await service.as(bert).list({ limit: 1 });
    expect(nextCursor).toBe('');
    const annas = (await service.as(ANNA).list({ limit: 1 })).nextCursor ?? '';
    for (const strange of [annas, 'x', Buffer.from('../ledger/').toString('base64url')]) {
      await expect(service.as(bert).list({ cursor: strange })).rejects.toEqual(refusal('cursor_invalid'));
    }
  });
});
