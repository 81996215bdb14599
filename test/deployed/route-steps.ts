import { expect } from 'vitest';
import type { ROUTES } from '../../src/http/routes/table.ts';
import { IMPORT_STEPS } from './import-steps.ts';
import { MAIL_STEPS } from './mail-steps.ts';
import { POLICY_STEPS } from './policy-steps.ts';
import { REMOTE_STEPS } from './remote-steps.ts';
import type { ApiClient } from './support/client.ts';
import { TENANT_STEPS } from './tenant-steps.ts';
import { USER_STEPS } from './user-steps.ts';
import { WEBHOOK_STEPS } from './webhook-steps.ts';

export type RouteName = (typeof ROUTES)[number]['name'];

const REVISION = /^[0-9a-f]{40}$/;
const base64 = (text: string) => Buffer.from(text).toString('base64');

/** Revisions that a later step needs. */
const seen: { deleted: string; batch: string; token: string } = { deleted: '', batch: '', token: '' };

/** Each route once, in an order in which each finds what it needs. A route without a step does not compile. */
export const STEPS: Readonly<Record<RouteName, (api: ApiClient) => Promise<void>>> = {
  async health({ call }) {
    const { status, body } = await call('GET', '/health', undefined, { authorization: '' });
    expect([status, body]).toEqual([200, { status: 'ok' }]);
  },

  async openapi({ call }) {
    const { status, body } = await call('GET', '/openapi.json');
    expect([status, body.openapi]).toEqual([200, expect.stringMatching(/^3\./)]);
  },

  async putPage({ call }) {
    const content =
      '---\ntitle: First\ntags: [a, b]\n---\n# Gulls\n\nsee [[Docs/Target]]\n\n## More\n\nold\n';
    const made = await call('PUT', '/pages/Docs/First', { content });
    expect([made.status, made.body]).toMatchObject([
      201,
      { created: true, name: 'First', path: 'Docs/First' },
    ]);
    expect(made.headers.get('server-timing')).toMatch(/storage;dur=/);
    const other = await call('PUT', '/pages/Docs/Target', { content: 'Über Möwen 🐦\n' });
    expect(other.status).toBe(201);
    const { revision } = made.body;
    const again = await call('PUT', '/pages/Docs/First', { content: `${content}more\n`, revision });
    expect([again.status, again.body]).toMatchObject([200, { created: false }]);
    const stale = await call('PUT', '/pages/Docs/First', { content: 'x', revision });
    expect([stale.status, stale.body.current_revision]).toEqual([409, again.body.revision]);
  },

  async readPage({ call, send }) {
    const { status, body, headers } = await call('GET', '/pages/docs/target');
    expect([status, body]).toMatchObject([200, { content: 'Über Möwen 🐦\n', linked_from: ['Docs/First'] }]);
    const etag = headers.get('etag') ?? '';
    const known = await send('GET', '/pages/docs/target', { headers: { 'if-none-match': etag } });
    expect([known.status, await known.text()]).toEqual([304, '']);
    const head = await send('HEAD', '/pages/docs/target');
    expect([head.status, await head.text(), head.headers.get('etag')]).toEqual([200, '', etag]);
    const bare = await call('PUT', '/pages/docs/target', { content: 'tern\n' }, { 'if-match': etag });
    expect(bare.status).toBe(200);
    const late = await call('PUT', '/pages/docs/target', { content: 'x' }, { 'if-match': etag });
    expect(late.status).toBe(412);
    expect((await call('GET', '/pages/None')).status).toBe(404);
  },

  async renderText({ call, send }) {
    const { status, body } = await call('POST', '/render', { content: '# A\n\n[[Docs/First]] $x$' });
    expect([status, body.headings]).toEqual([200, [{ level: 1, text: 'A', anchor: 'a' }]]);
    expect(body.html).toContain('<math>');
    const page = await send('GET', '/pages/docs/first?format=html');
    expect([page.status, page.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
    expect(await page.text()).toContain('<h1 id="gulls">');
  },

  async patchPage({ call }) {
    const { revision } = (await call('GET', '/pages/Docs/First')).body;
    const change = { revision, old_string: 'old', new_string: 'new' };
    const patched = await call('PATCH', '/pages/Docs/First', change);
    expect([patched.status, patched.body]).toMatchObject([200, { path: 'Docs/First' }]);
    const stale = await call('PATCH', '/pages/Docs/First', { ...change, old_string: 'new', new_string: 'x' });
    expect([stale.status, stale.body.current_revision]).toEqual([409, patched.body.revision]);
    const section = { revision: patched.body.revision, section: 'More', content: '## More\n\nfresh\n' };
    expect((await call('PATCH', '/pages/Docs/First', section)).status).toBe(200);
    const merging = { content: '# Other\n', revision, on_conflict: 'merge' };
    expect((await call('PUT', '/pages/Docs/First', merging)).status).toBe(409);
  },

  async listPages({ call }) {
    const { body } = await call('GET', '/pages?prefix=Docs&tag=a');
    expect(body).toMatchObject({ pages: [{ path: 'Docs/First', tags: ['a', 'b'] }], total: 1 });
  },

  async linkGraph({ call }) {
    const { body } = await call('GET', '/links');
    expect(body.edges).toEqual([{ source: 'Docs/First', target: 'Docs/Target' }]);
  },

  async pageLinks({ call }) {
    const { body } = await call('GET', '/links/Docs/Target');
    expect(body).toMatchObject({ linked_from: ['Docs/First'], links_to: [] });
  },

  async renamePage({ call, text }) {
    const renamed = await call('POST', '/pages/Docs/Target/rename', { new_path: 'Docs/Aim' });
    expect([renamed.status, renamed.body]).toMatchObject([200, { updated_pages: ['Docs/First'] }]);
    expect(await text('Docs/First')).toContain('[[Docs/Aim]]');
    expect((await call('GET', '/pages/Docs/Target')).status).toBe(404);
  },

  async putAttachment({ call, send }) {
    const inline = { filename: 'My File.txt', content: base64('Hello ü') };
    const made = await call('POST', '/pages/Docs/First/attachments', inline);
    expect([made.status, made.body]).toMatchObject([201, { filename: 'My_File.txt', size: 8 }]);
    const body = Buffer.from([0, 255, 254, 10]);
    const headers = { 'content-type': 'image/png' };
    const raw = await send('POST', '/pages/Docs/First/attachments?filename=a.png', { body, headers });
    expect([raw.status, JSON.parse(await raw.text())]).toMatchObject([201, { size: 4 }]);
  },

  async listAttachments({ call }) {
    const { body } = await call('GET', '/pages/Docs/First/attachments');
    expect(body.attachments.map(({ filename }: { filename: string }) => filename)).toEqual([
      'My_File.txt',
      'a.png',
    ]);
  },

  async readAttachment({ call, send }) {
    const { body } = await call('GET', '/pages/Docs/First/attachments/My_File.txt');
    expect(Buffer.from(body.content, 'base64').toString()).toBe('Hello ü');
    const raw = await send('GET', '/pages/Docs/First/attachments/a.png?download=raw');
    expect(raw.headers.get('content-type')).toBe('image/png');
    expect([...new Uint8Array(await raw.arrayBuffer())]).toEqual([0, 255, 254, 10]);
  },

  async deleteAttachment({ call }) {
    const { status, body } = await call('DELETE', '/pages/Docs/First/attachments/a.png');
    expect([status, body]).toMatchObject([200, { deleted: true, filename: 'a.png' }]);
    expect((await call('GET', '/pages/Docs/First/attachments/a.png')).status).toBe(404);
  },

  async pageHistory({ call }) {
    const { body } = await call('GET', '/pages/Docs/Aim/history');
    const messages = body.history.map(({ message }: { message: string }) => message);
    expect(messages[0]).toMatch(/^\[api\] Rename: /);
    expect(messages).toHaveLength(3);
  },

  async changelog({ call }) {
    const { body } = await call('GET', '/changelog?limit=2');
    expect(body.entries).toHaveLength(2);
    expect(body.entries[0].revision).toMatch(REVISION);
  },

  async listChanges({ call }) {
    const { body } = await call('GET', '/changes?since=start&limit=2');
    const on = await call('GET', `/changes?since=${body.cursor}&limit=1000`);
    const ids = [...body.events, ...on.body.events].map(({ id }: { id: string }) => id);
    expect([body.events.length, body.more, new Set(ids).size]).toEqual([2, true, ids.length]);
  },

  async listProjections({ call }) {
    const { body } = await call('GET', '/projections');
    const found = body.projections.map(({ name, failure }: Record<string, unknown>) => [name, failure]);
    const names = ['search', 'site', 'webhooks', 'notify', 'remotes'];
    expect(found).toEqual(names.map(name => [name, null]));
  },

  async deletePage({ call }) {
    seen.deleted = (await call('GET', '/pages/Docs/Aim')).body.revision;
    const { status, body } = await call('DELETE', '/pages/Docs/Aim');
    expect([status, body]).toMatchObject([200, { deleted: true }]);
    expect((await call('GET', '/pages/Docs/Aim')).status).toBe(404);
  },

  async restorePage({ call, text }) {
    const { status } = await call('POST', '/pages/Docs/Aim/restore', { revision: seen.deleted });
    expect([status, await text('Docs/Aim')]).toEqual([201, 'tern\n']);
  },

  async batch({ call }) {
    const changes = [
      { op: 'put', path: 'B1', content: 'one gull\n' },
      { op: 'put', path: 'B2', content: 'two gulls\n' },
      { op: 'attach', path: 'B1', filename: 'x.txt', content: base64('x') },
    ];
    const tried = await call('POST', '/batch', { changes, dry_run: true });
    expect([tried.status, tried.body.dry_run]).toEqual([200, true]);
    const made = await call('POST', '/batch', { changes });
    expect([made.status, made.body.results.length]).toEqual([200, 3]);
    seen.batch = made.body.revision;
    expect((await call('GET', '/pages/B2')).status).toBe(200);
  },

  async revert({ call }) {
    const { status, body } = await call('POST', '/revert', { revision: seen.batch });
    expect([status, body.pages]).toEqual([200, ['B1', 'B2']]);
    expect((await call('GET', '/pages/B2')).status).toBe(404);
  },

  async search({ call }) {
    const { body } = await call('GET', '/search?q=gulls');
    expect(body).toMatchObject({ query: 'gulls', total: 1, results: [{ path: 'Docs/First' }] });
  },

  async exportWiki({ send }) {
    const answer = await send('GET', '/export?format=ndjson&prefix=Docs');
    const [line = ''] = (await answer.text()).split('\n');
    expect([answer.status, JSON.parse(line)]).toMatchObject([200, { path: expect.stringMatching(/^docs/) }]);
  },

  async report({ call }) {
    const { body } = await call('GET', '/reports/orphaned');
    expect(body).toMatchObject({ report: 'orphaned', pages: expect.any(Array) });
  },

  async createToken({ call }) {
    const { status, body } = await call('POST', '/tokens', { name: 'Reader', rights: ['read'] });
    expect([status, body]).toMatchObject([201, { rights: ['read'], all_wikis: false }]);
    seen.token = body.id;
    const authorization = `Bearer ${body.token}`;
    expect((await call('GET', '/pages/Docs/First', undefined, { authorization })).status).toBe(200);
    expect((await call('PUT', '/pages/None', { content: 'x' }, { authorization })).status).toBe(403);
  },

  async listTokens({ call }) {
    const { status, body } = await call('GET', '/tokens?all=true');
    expect([status, body.tokens.length]).toEqual([200, 1]);
  },

  async readToken({ call }) {
    const { status, body } = await call('GET', `/tokens/${seen.token}`);
    expect([status, body]).toMatchObject([200, { id: seen.token, revoked: null }]);
  },

  async revokeToken({ call }) {
    const { status, body } = await call('DELETE', `/tokens/${seen.token}`);
    expect([status, body]).toMatchObject([200, { id: seen.token, revoked: expect.any(String) }]);
  },

  async listPlugins({ call }) {
    expect(await call('GET', '/plugins')).toMatchObject({ status: 200, body: { plugins: [] } });
  },

  ...USER_STEPS,
  ...MAIL_STEPS,
  ...IMPORT_STEPS,
  ...POLICY_STEPS,
  ...TENANT_STEPS,
  ...WEBHOOK_STEPS,
  ...REMOTE_STEPS,
};
