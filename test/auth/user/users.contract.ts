import { describe, expect, it } from 'vitest';
import { principalOf } from '../../../src/auth/user/user.ts';
import { byOperator, type MakeUserPlace, openUsers, PASSWORD } from './user-support.ts';

const ANNA = { name: 'Anna', email: 'anna@example.org' };
const BERT = { name: 'Bert', email: 'bert@example.org' };
const given = { kind: 'given', password: PASSWORD } as const;

/** What users must be on every engine of the state. */
export function usersContract(name: string, make: MakeUserPlace): void {
  describe(`users in ${name}`, () => {
    it('are kept as they were given, and the first one administers', async () => {
      const place = await make();
      const { user } = await byOperator(openUsers(place)).create({ ...ANNA, allow: ['upload', 'read'] });
      expect(user).toMatchObject({ ...ANNA, isAdmin: true, isApproved: true, allow: ['read', 'upload'] });
      expect(await byOperator(openUsers(place)).read(user.id)).toEqual(user);
      const { user: second } = await byOperator(openUsers(place)).create(BERT);
      expect(second).toMatchObject({ isAdmin: false, isApproved: true, allow: [] });
    });

    it('are none, and no database is made by asking', async () => {
      const { database, users, audit } = openUsers(await make());
      expect(await users.verify('anna@example.org', PASSWORD)).toBe(undefined);
      expect(await byOperator({ users }).list({})).toEqual({ users: [] });
      expect(await audit.list({})).toEqual({ entries: [] });
      expect(await users.finish()).toBe(0);
      expect(await database.exists()).toBe(false);
    });

    it('are known by their password, until it is changed', async () => {
      const place = await make();
      const open = openUsers(place);
      const { user } = await byOperator(open).create({ ...ANNA, password: given });
      const principal = await openUsers(place).users.verify('ANNA@example.org', PASSWORD);
      expect(principal).toEqual(principalOf(user));
      expect(principal).toMatchObject({ id: `user:${user.id}`, standing: 'admin' });
      expect(await open.users.verify('anna@example.org', `${PASSWORD} `)).toBe(undefined);
      expect(await open.users.verify('bert@example.org', PASSWORD)).toBe(undefined);
      const { generated } = await byOperator(open).setPassword(user.id, { kind: 'generated' });
      expect(await open.users.verify('anna@example.org', PASSWORD)).toBe(undefined);
      expect(await open.users.verify('anna@example.org', generated ?? '')).toMatchObject({
        id: principal?.id,
      });
    });

    it('are none by what no database holds', async () => {
      const open = openUsers(await make());
      await byOperator(open).create({ ...ANNA, password: given });
      expect(await open.users.verify('anna@example.org\0', PASSWORD)).toBe(undefined);
      expect(await open.audit.list({ actor: 'user:\0' })).toEqual({ entries: [] });
      expect(await open.audit.list({ action: '\0' })).toEqual({ entries: [] });
      await expect(byOperator(open).read('\0')).rejects.toMatchObject({ code: 'user_not_found' });
      await expect(byOperator(open).findByEmail('\0')).rejects.toMatchObject({ code: 'user_not_found' });
      const cursor = Buffer.from('anna@\0').toString('base64url');
      await expect(byOperator(open).list({ cursor })).rejects.toMatchObject({ code: 'cursor_invalid' });
    });

    it('have an address of their own, whatever the case, also when two are made at once', async () => {
      const place = await make();
      const wishes = ['zoë@example.org', 'ZOË@EXAMPLE.ORG', 'zoe\u0308@example.org'];
      const made = await Promise.allSettled(
        wishes.map(email => byOperator(openUsers(place)).create({ ...ANNA, email })),
      );
      const refusals = made.filter(result => result.status === 'rejected');
      expect(refusals.map(({ reason }) => reason.code)).toEqual(['user_exists', 'user_exists']);
      const { user } = await byOperator(openUsers(place)).create(BERT);
      const renamed = byOperator(openUsers(place)).update(user.id, { email: 'Zoë@example.org' });
      await expect(renamed).rejects.toMatchObject({ code: 'user_exists' });
    });

    it('of whom many are made first at once have one administrator', async () => {
      const place = await make();
      const names = ['Ada', 'Bob', 'Cid', 'Dan', 'Eve', 'Flo'];
      await Promise.all(
        names.map(each => byOperator(openUsers(place)).create({ name: each, email: `${each}@example.org` })),
      );
      const { users } = await byOperator(openUsers(place)).list({});
      expect(users.map(({ name: each }) => each)).toEqual(names);
      expect(users.filter(({ isAdmin }) => isAdmin)).toHaveLength(1);
    });

    it('keep an administrator when each of two removes the other at once', async () => {
      const place = await make();
      const operator = byOperator(openUsers(place));
      const { user: anna } = await operator.create(ANNA);
      const { user: bert } = await operator.create({ ...BERT, isAdmin: true });
      const results = await Promise.allSettled([
        openUsers(place).users.administeredBy(principalOf(anna)).remove(bert.id),
        openUsers(place).users.administeredBy(principalOf(bert)).update(anna.id, { isAdmin: false }),
      ]);
      const refused = results.filter(result => result.status === 'rejected');
      expect(refused.map(({ reason }) => reason.code)).toEqual(['last_admin']);
      const { users } = await operator.list({});
      expect(users.filter(({ isAdmin }) => isAdmin)).toHaveLength(1);
    });

    it('are listed by address, in parts', async () => {
      const place = await make();
      const operator = byOperator(openUsers(place));
      for (const each of ['Cid', 'Ada', 'Bob'])
        await operator.create({ name: each, email: `${each}@example.org` });
      const first = await operator.list({ limit: 2 });
      expect(first.users.map(user => user.name)).toEqual(['Ada', 'Bob']);
      const second = await operator.list({ limit: 2, cursor: first.nextCursor });
      expect(second).toEqual({ users: [expect.objectContaining({ name: 'Cid' })] });
      await expect(operator.list({ cursor: 'bm9uZQ' })).rejects.toMatchObject({ code: 'cursor_invalid' });
    });

    it('whose rights change or end are told to their tokens before the change is answered', async () => {
      const open = openUsers(await make());
      await byOperator(open).create(ANNA);
      const { user } = await byOperator(open).create({ ...BERT, isApproved: false, allow: ['write'] });
      const owner = () => open.owners.owners.get(`user:${user.id}`);
      await byOperator(open).update(user.id, { isApproved: true });
      expect(owner()).toMatchObject({
        standing: 'approved',
        grants: ['write'],
        names: ['user:bert@example.org'],
      });
      await byOperator(open).update(user.id, { isLocked: true });
      expect(owner()).toBe(undefined);
      await byOperator(open).update(user.id, { isLocked: false, email: 'b@example.org' });
      expect(owner()).toMatchObject({ names: ['user:b@example.org'] });
      await byOperator(open).remove(user.id);
      expect(owner()).toBe(undefined);
      expect(open.owners.owners.size).toBe(1);
    });

    it('whose tokens could not be told are told by whoever comes next', async () => {
      const place = await make();
      const open = openUsers(place);
      await byOperator(open).create(ANNA);
      const { user } = await byOperator(open).create(BERT);
      open.owners.unreachable.add(`user:${user.id}`);
      await expect(byOperator(open).remove(user.id)).rejects.toThrow('no store');
      open.owners.unreachable.clear();
      const later = openUsers(place);
      expect(await later.users.finish()).toBe(1);
      expect([...later.owners.owners]).toEqual([[`user:${user.id}`, undefined]]);
      expect(await later.users.finish()).toBe(0);
    });

    it('whose tokens cannot be told do not keep others from being changed', async () => {
      const open = openUsers(await make());
      const { user: anna } = await byOperator(open).create(ANNA);
      const { user: bert } = await byOperator(open).create(BERT);
      open.owners.unreachable.add(`user:${bert.id}`);
      const change = byOperator(open).update(bert.id, { isLocked: true }, bert.revision);
      await expect(change).rejects.toThrow('no store');
      await byOperator(open).update(anna.id, { allow: ['read'] });
      expect(open.owners.owners.get(`user:${anna.id}`)).toMatchObject({ grants: ['read'] });
      expect(open.failures).toEqual(['owner_untold']);
      open.owners.unreachable.clear();
      const again = byOperator(open).update(bert.id, { isLocked: true }, bert.revision);
      await expect(again).rejects.toMatchObject({ code: 'precondition_failed' });
      expect(open.owners.owners.has(`user:${bert.id}`)).toBe(true);
    });

    it('are told to tokens as they are now, though a process that was paused tells what it read before', async () => {
      const place = await make();
      const open = openUsers(place);
      await byOperator(open).create(ANNA);
      const { user } = await byOperator(open).create(BERT);
      const held = Promise.withResolvers<void>();
      const reached = Promise.withResolvers<void>();
      const slow = {
        updateOwner: async (...change: Parameters<typeof open.owners.updateOwner>) => {
          reached.resolve();
          await held.promise;
          await open.owners.updateOwner(...change);
        },
      };
      const paused = byOperator(openUsers(place, { owners: slow })).update(user.id, { allow: ['write'] });
      await reached.promise;
      await byOperator(open).update(user.id, { isLocked: true });
      held.resolve();
      await paused;
      expect(open.owners.owners.get(`user:${user.id}`)).toBe(undefined);
      expect(open.owners.calls).toBeGreaterThan(1);
    });

    it('leave an entry of the log with each change, and none with a change that was refused', async () => {
      const open = openUsers(await make());
      const { user } = await byOperator(open).create({ ...ANNA, password: given });
      await expect(byOperator(open).remove(user.id)).rejects.toMatchObject({ code: 'last_admin' });
      await byOperator(open).update(user.id, { allow: ['read'] });
      await byOperator(open).update(user.id, { allow: ['read'] });
      const { entries } = await open.audit.list({});
      expect(entries.map(({ action, outcome }) => [action, outcome])).toEqual([
        ['user.update', 'done'],
        ['user.create', 'done'],
      ]);
      expect(entries[0]).toMatchObject({
        actor: 'api-key',
        subject: `user:${user.id}`,
        detail: { allow: ['read'] },
      });
      expect(JSON.stringify(entries)).not.toContain(PASSWORD);
    });

    it('have a log that tells what was begun, done, refused and never ended', async () => {
      const open = openUsers(await make());
      const event = { actor: 'api-key', action: 'token.create', subject: 'token:1' };
      expect(await open.audit.record(event, async () => 42)).toBe(42);
      const refused = open.audit.record({ ...event, subject: 'token:2' }, async () => {
        throw new Error('a bug');
      });
      await expect(refused).rejects.toThrow('a bug');
      let during: unknown;
      await open.audit.record({ ...event, action: 'policy.change' }, async () => {
        during = (await open.audit.list({ action: 'policy.' })).entries;
      });
      expect(during).toMatchObject([{ action: 'policy.change', outcome: 'begun' }]);
      const first = await open.audit.list({ action: 'token.', limit: 1 });
      const second = await open.audit.list({ action: 'token.create', limit: 1, cursor: first.nextCursor });
      const outcomes = [...first.entries, ...second.entries].map(({ outcome, code }) => [outcome, code]);
      expect(outcomes.sort()).toEqual([
        ['done', undefined],
        ['failed', 'internal'],
      ]);
      expect(second.nextCursor).toBe(undefined);
      expect((await open.audit.list({ actor: 'somebody' })).entries).toEqual([]);
    });
  });
}
