import Database from 'better-sqlite3';
import { describe, expect, it, onTestFinished } from 'vitest';
import { OPERATOR, type Principal } from '../../../src/auth/principal.ts';
import { principalOf } from '../../../src/auth/user/user.ts';
import {
  byOperator,
  fileUsers,
  openUsers,
  PASSWORD,
  settableRuntime,
  type UserState,
} from './user-support.ts';

const ANNA = { name: 'Anna', email: 'anna@example.org' };
const BERT = { name: 'Bert', email: 'bert@example.org' };
const given = { kind: 'given', password: PASSWORD } as const;
/** HMAC-SHA256 by Python's hmac: the hash of an old Otterwiki. */
const OLD = {
  password: 'pässwörd 1',
  hash: 'sha256$Ab3dEf9h$c5fc067f328c67f221a017da2cb044fa617cfc6185891117e3780b2797a85941',
};

describe('a user who logs in', () => {
  it('is noted once a day, and not by those who fail', async () => {
    const runtime = settableRuntime(Date.UTC(2026, 0, 1));
    const open = openUsers(fileUsers(), { runtime });
    const operator = byOperator(open);
    const { user } = await operator.create({ ...ANNA, password: given });
    const lastSeen = async () => (await operator.read(user.id)).lastSeenMs;
    await open.users.verify(ANNA.email, 'wrong password');
    expect(await lastSeen()).toBe(undefined);
    for (const hours of [0, 23, 25, 26]) {
      runtime.nowMs = Date.UTC(2026, 0, 1, hours);
      await open.users.verify(ANNA.email, PASSWORD);
    }
    expect(await lastSeen()).toBe(Date.UTC(2026, 0, 1, 25));
    expect((await operator.read(user.id)).revision).toBe(user.revision);
  });

  it('with the hash of an old Otterwiki gets a new one', async () => {
    const open = openUsers(fileUsers());
    await byOperator(open).create({ ...ANNA, password: { kind: 'hash', hash: OLD.hash } });
    const hash = () =>
      open.database.read(
        async state => (await state.selectFrom('users').select('password_hash').execute())[0],
      );
    expect(await open.users.verify(ANNA.email, 'pässwörd 2')).toBe(undefined);
    expect(await hash()).toEqual({ password_hash: OLD.hash });
    expect(await open.users.verify(ANNA.email, OLD.password)).toMatchObject({ standing: 'admin' });
    expect((await hash())?.password_hash).toMatch(/^\$scrypt\$ln=15,r=8,p=3\$/);
    expect(await open.users.verify(ANNA.email, OLD.password)).toMatchObject({ standing: 'admin' });
  });

  it('comes in although that cannot be noted', async () => {
    const { database, ...open } = openUsers(fileUsers());
    await byOperator(open).create({ ...ANNA, password: given });
    const unwritable = {
      read: database.read.bind(database),
      exists: () => database.exists(),
      write: () => Promise.reject(new Error('no space')),
    };
    const other = openUsers({ open: () => unwritable as Partial<UserState> as UserState });
    expect(await other.users.verify(ANNA.email, PASSWORD)).toMatchObject({ standing: 'admin' });
    expect(other.failures).toEqual(['login_unnoted']);
  });

  it('waits two seconds at most for others who keep that from being noted', async () => {
    const place = fileUsers();
    const runtime = settableRuntime(Date.UTC(2026, 0, 1));
    runtime.sleep = async ms => {
      runtime.nowMs += ms;
    };
    const open = openUsers(place, { runtime });
    await byOperator(open).create({ ...ANNA, password: given });
    const other = new Database(place.file);
    onTestFinished(() => void other.close());
    other.exec('begin immediate');
    const startMs = runtime.nowMs;
    expect(await open.users.verify(ANNA.email, PASSWORD)).toMatchObject({ standing: 'admin' });
    expect(open.failures).toEqual(['login_unnoted']);
    expect(runtime.nowMs - startMs).toBeLessThan(2_100);
  });

  it('is refused while locked, and by a password that is too long to be one', async () => {
    const open = openUsers(fileUsers());
    await byOperator(open).create(BERT);
    const { user } = await byOperator(open).create({ ...ANNA, password: given });
    await byOperator(open).update(user.id, { isLocked: true });
    expect(await open.users.verify(ANNA.email, PASSWORD)).toBe(undefined);
    expect(await open.users.ownerNow(`user:${user.id}`)).toEqual({ revision: 2 });
    await byOperator(open).update(user.id, { isLocked: false });
    expect(await open.users.verify(ANNA.email, PASSWORD)).toMatchObject({ id: `user:${user.id}` });
    expect(await open.users.verify(ANNA.email, 'x'.repeat(2_000))).toBe(undefined);
    expect(await open.users.ownerNow('user:gone')).toEqual({ revision: Number.MAX_SAFE_INTEGER });
  });

  it.each([
    [{}, { standing: 'approved', grants: [], names: ['user:bert@example.org'] }],
    [
      { isApproved: false, allow: ['write'] },
      { standing: 'registered', grants: [] },
    ],
    [{ allow: ['write', 'read'] }, { standing: 'approved', grants: ['read', 'write'] }],
    [
      { isAdmin: true, allow: ['read'] },
      { standing: 'admin', grants: ['read'] },
    ],
  ] as const)('with %j is the caller %j', async (rights, caller) => {
    const operator = byOperator(openUsers(fileUsers()));
    await operator.create(ANNA);
    const { user } = await operator.create({ ...BERT, ...rights });
    expect(principalOf(user)).toMatchObject({ ...caller, author: BERT });
  });

  it('whose address is not confirmed is not whom rules mean by it', async () => {
    const operator = byOperator(openUsers(fileUsers()));
    const { user } = await operator.create(ANNA);
    const after = await operator.update(user.id, { isEmailConfirmed: false });
    expect(principalOf(after).names).toEqual([]);
  });
});

describe('administration', () => {
  const admin: Principal = { ...OPERATOR, id: 'user:1', standing: 'admin' };
  const others: [string, Principal][] = [
    [
      'an approved user with all rights',
      { ...admin, standing: 'approved', grants: ['read', 'write', 'upload'] },
    ],
    ['a token of an administrator without the right', { ...admin, scope: { rights: ['read', 'write'] } }],
    [
      'a token of an administrator below a prefix',
      { ...admin, scope: { rights: ['admin'], prefix: 'docs' } },
    ],
    ['nobody in particular', { ...admin, id: 'anonymous', standing: 'anonymous' }],
  ];

  it.each(others)('is refused to %s, whatever it asks for', async (_, principal) => {
    const open = openUsers(fileUsers());
    const { user } = await byOperator(open).create(ANNA);
    const users = open.users.administeredBy(principal);
    const tried = await Promise.allSettled([
      users.create(BERT),
      users.list({}),
      users.read(user.id),
      users.findByEmail(ANNA.email),
      users.update(user.id, { isAdmin: true }),
      users.setPassword(user.id, given),
      users.remove(user.id),
    ]);
    const codes = tried.map(result => result.status === 'rejected' && result.reason.code);
    expect(codes).toEqual(Array(tried.length).fill('forbidden'));
    expect(await byOperator(open).read(user.id)).toEqual(user);
  });

  it('keeps the last administrator who can come in', async () => {
    const open = openUsers(fileUsers());
    const { user } = await byOperator(open).create(ANNA);
    const { user: bert } = await byOperator(open).create({ ...BERT, isAdmin: true });
    await byOperator(open).update(bert.id, { isLocked: true });
    for (const change of [{ isAdmin: false }, { isLocked: true }]) {
      await expect(byOperator(open).update(user.id, change)).rejects.toMatchObject({ code: 'last_admin' });
    }
    await expect(byOperator(open).remove(user.id)).rejects.toMatchObject({ code: 'last_admin' });
    await byOperator(open).remove(bert.id);
    expect(await byOperator(open).read(user.id)).toEqual(user);
  });

  it('takes approval from no administrator, and gives it to a new one', async () => {
    const operator = byOperator(openUsers(fileUsers()));
    await operator.create(ANNA);
    const { user } = await operator.create({ ...BERT, isApproved: false });
    expect(await operator.update(user.id, { isAdmin: true })).toMatchObject({ isApproved: true });
    const refused = operator.update(user.id, { isApproved: false });
    await expect(refused).rejects.toMatchObject({ code: 'user_invalid' });
    const demoted = await operator.update(user.id, { isApproved: false, isAdmin: false });
    expect(demoted).toMatchObject({ isApproved: false, isAdmin: false });
  });

  it('changes a user only as it was read, when it says so', async () => {
    const operator = byOperator(openUsers(fileUsers()));
    const { user } = await operator.create(ANNA);
    const changed = await operator.update(user.id, { name: 'Anna Lena' }, user.revision);
    expect(changed).toMatchObject({ name: 'Anna Lena', revision: 2 });
    const stale = operator.update(user.id, { name: 'Hanna' }, user.revision);
    await expect(stale).rejects.toMatchObject({ code: 'precondition_failed' });
    await expect(operator.remove(user.id, 1)).rejects.toMatchObject({ code: 'precondition_failed' });
  });
});

describe('their own account', () => {
  it('can be changed by users, with the password that they have', async () => {
    const open = openUsers(fileUsers());
    const { user } = await byOperator(open).create({ ...ANNA, password: given });
    const account = open.users.accountOf(principalOf(user));
    const wrong = account.update({ password: { current: 'not this one', next: 'another one' } });
    await expect(wrong).rejects.toMatchObject({ code: 'password_wrong' });
    const next = { current: PASSWORD, next: 'another one' };
    expect(await account.update({ name: 'Anna Lena', password: next })).toMatchObject({ name: 'Anna Lena' });
    expect(await open.users.verify(ANNA.email, PASSWORD)).toBe(undefined);
    expect(await open.users.verify(ANNA.email, 'another one')).toMatchObject({
      author: { name: 'Anna Lena', email: ANNA.email },
    });
    expect(open.owners.owners.get(`user:${user.id}`)).toMatchObject({ author: { name: 'Anna Lena' } });
  });

  it('is changed once by two who know the same password', async () => {
    const open = openUsers(fileUsers());
    const { user } = await byOperator(open).create({ ...ANNA, password: given });
    const account = open.users.accountOf(principalOf(user));
    const results = await Promise.allSettled(
      ['first other', 'second other'].map(next => account.update({ password: { current: PASSWORD, next } })),
    );
    const refused = results.filter(result => result.status === 'rejected');
    expect(refused.map(({ reason }) => reason.code)).toEqual(['password_wrong']);
  });

  it('is nothing that a token, a key or a user who is gone has', async () => {
    const open = openUsers(fileUsers());
    const { user } = await byOperator(open).create(ANNA);
    const callers: Principal[] = [
      OPERATOR,
      { ...principalOf(user), id: 'token:1', scope: { rights: ['read'] } },
      { ...principalOf(user), scope: { rights: ['read'] } },
      { ...principalOf(user), id: `user:${'0'.repeat(32)}` },
    ];
    for (const caller of callers) {
      const tried = open.users.accountOf(caller).update({ name: 'Eve' });
      await expect(tried).rejects.toMatchObject({ code: 'user_required' });
    }
    expect((await byOperator(open).read(user.id)).name).toBe('Anna');
  });
});
