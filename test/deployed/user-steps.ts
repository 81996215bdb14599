import { expect } from 'vitest';
import type { ApiClient } from './support/client.ts';

const ANNA = { name: 'Anna', email: 'anna@example.org', password: 'correct horse' };
const BASIC = `Basic ${Buffer.from(`${ANNA.email}:${ANNA.password}`).toString('base64')}`;

/** Users that a later step needs. */
const seen = { anna: '', bert: '' };

/** Users and the audit log, each route once. */
export const USER_STEPS = {
  async createUser({ call }: ApiClient) {
    const made = await call('POST', '/users', ANNA);
    expect([made.status, made.body]).toMatchObject([201, { admin: true, has_password: true }]);
    const other = await call('POST', '/users', { name: 'Bert', email: 'bert@example.org' });
    expect([other.status, other.body]).toMatchObject([201, { admin: false, has_password: false }]);
    seen.anna = made.body.id;
    seen.bert = other.body.id;
    expect((await call('POST', '/users', { ...ANNA, email: 'ANNA@example.org' })).status).toBe(409);
  },

  async listUsers({ call }: ApiClient) {
    const { status, body } = await call('GET', '/users?limit=1');
    expect([status, body]).toMatchObject([200, { users: [{ id: seen.anna }] }]);
    const { body: rest } = await call('GET', `/users?cursor=${body.next_cursor}`);
    expect(rest.users).toMatchObject([{ id: seen.bert }]);
  },

  async readUser({ call }: ApiClient) {
    const { status, body } = await call('GET', `/users/${seen.bert}`);
    expect([status, body]).toMatchObject([200, { name: 'Bert', locked: null }]);
  },

  async updateUser({ call }: ApiClient) {
    const { status, body } = await call('PATCH', `/users/${seen.bert}`, { locked: true });
    expect([status, body]).toMatchObject([200, { locked: expect.any(String) }]);
    expect((await call('PATCH', `/users/${seen.anna}`, { admin: false })).status).toBe(409);
  },

  async setUserPassword({ call }: ApiClient) {
    const { status, body } = await call('POST', `/users/${seen.bert}/password`, { generate_password: true });
    expect([status, body.password.length]).toEqual([200, 24]);
  },

  async updateMe({ call }: ApiClient) {
    const { status, body } = await call('PATCH', '/me', { name: 'Anna Lena' }, { authorization: BASIC });
    expect([status, body]).toMatchObject([200, { id: seen.anna, name: 'Anna Lena' }]);
  },

  async deleteUser({ call }: ApiClient) {
    expect((await call('DELETE', `/users/${seen.bert}`)).body).toEqual({ deleted: true, id: seen.bert });
    expect((await call('GET', `/users/${seen.bert}`)).status).toBe(404);
  },

  async listAudit({ call }: ApiClient) {
    const { status, body } = await call('GET', '/audit?action=user.&limit=1');
    expect([status, body.entries]).toMatchObject([200, [{ action: 'user.delete', outcome: 'done' }]]);
  },
};
