import { expect } from 'vitest';
import type { ApiClient } from './support/client.ts';

/** The policy, preferences and drafts, each route once. */
export const POLICY_STEPS = {
  async readMe({ call }: ApiClient) {
    const { status, body } = await call('GET', '/me');
    expect([status, body]).toMatchObject([200, { id: 'api-key', rights: { read: true, admin: true } }]);
  },

  async putRule({ call }: ApiClient) {
    const { status, body } = await call('PUT', '/policy/rules/Docs/First', { read: ['group:staff'] });
    expect([status, body.rules]).toEqual([200, [{ path: 'docs/first', read: ['group:staff'] }]]);
  },

  async readPolicy({ call }: ApiClient) {
    const { status, body, headers } = await call('GET', '/policy');
    expect([status, body.rules.length]).toEqual([200, 1]);
    expect(headers.get('etag')).toBe(`"${body.revision}"`);
  },

  async deleteRule({ call }: ApiClient) {
    const { status, body } = await call('DELETE', '/policy/rules/Docs/First');
    expect([status, body.rules]).toEqual([200, []]);
    expect((await call('DELETE', '/policy/rules/Docs/First')).status).toBe(404);
  },

  async putRules({ call }: ApiClient) {
    expect((await call('PUT', '/policy/rules', { rules: [] })).status).toBe(428);
    expect((await call('PUT', '/policy/rules', { rules: [] }, { 'if-match': '*' })).status).toBe(200);
  },

  async putLimits({ call }: ApiClient) {
    const { status, body } = await call('PUT', '/policy/limits', { pages: 1000 });
    expect([status, body.limits]).toEqual([200, { pages: 1000 }]);
  },

  async listPreferences({ call }: ApiClient) {
    const { status, body } = await call('GET', '/preferences');
    const names = body.preferences.map(({ name }: { name: string }) => name);
    expect([status, names]).toEqual([200, expect.arrayContaining(['READ_ACCESS', 'COMMIT_MESSAGE'])]);
  },

  async patchPreferences({ call }: ApiClient) {
    expect((await call('PATCH', '/preferences', { HOME_PAGE: 'Docs/First' })).status).toBe(200);
    expect((await call('PATCH', '/preferences', { WIKILINK_STYLE: '' })).status).toBe(422);
  },

  async putDraft({ call }: ApiClient) {
    const made = await call('PUT', '/drafts/Docs/New', { content: 'one' });
    expect([made.status, made.body]).toMatchObject([201, { path: 'Docs/New', base_revision: null }]);
    expect((await call('PUT', '/drafts/Docs/New', { content: 'two' })).status).toBe(200);
  },

  async readDraft({ call }: ApiClient) {
    const { status, body } = await call('GET', '/drafts/Docs/New');
    expect([status, body]).toMatchObject([200, { content: 'two', moved_on: false }]);
  },

  async listDrafts({ call }: ApiClient) {
    const { status, body } = await call('GET', '/drafts');
    expect([status, body]).toMatchObject([200, { drafts: [{ path: 'Docs/New' }], total: 1 }]);
  },

  async deleteDraft({ call }: ApiClient) {
    expect((await call('DELETE', '/drafts/Docs/New')).status).toBe(200);
    expect((await call('GET', '/drafts/Docs/New')).status).toBe(404);
  },
};
