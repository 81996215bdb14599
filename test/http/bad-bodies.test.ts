import { beforeAll, describe, expect, test } from 'vitest';
import { systemRuntime } from '../../src/core/runtime.ts';
import { startServer } from '../../src/http/server.ts';
import { KEY, openWiki } from './harness.ts';
import { type PreparedWiki, prepareWiki } from './prepared-wiki.ts';

/** Bodies that attackers and accidents send. Each is refused, and the repository stays as it was. */

/** One wiki for all tests of this file: whatever is sent, it stays as it is. */
let wiki: PreparedWiki;

beforeAll(async () => {
  let clean = async () => {};
  wiki = await prepareWiki(step => {
    clean = step;
  });
  return () => clean();
});

describe('wrong types in JSON', () => {
  const wrong = [null, 0, 1, true, [], ['x'], {}, { x: 1 }];
  const good: Record<string, [string, string, Record<string, unknown>]> = {
    put: [
      'PUT',
      '/pages/a',
      { content: 'new', revision: 'R', on_conflict: 'fail', commit_message: 'm', dry_run: false },
    ],
    patch: [
      'PATCH',
      '/pages/a',
      {
        revision: 'R',
        old_string: 'text',
        new_string: 'new',
        commit_message: 'm',
        dry_run: false,
        on_conflict: 'fail',
      },
    ],
    section: ['PATCH', '/pages/a', { revision: 'R', section: 'x', content: 'new', placement: 'append' }],
    delete: ['DELETE', '/pages/a', { revision: 'R', commit_message: 'm', recursive: false, dry_run: false }],
    rename: [
      'POST',
      '/pages/a/rename',
      { new_path: 'b', revision: 'R', commit_message: 'm', dry_run: false },
    ],
    restore: ['POST', '/pages/a/restore', { revision: 'R', expected_revision: 'R', commit_message: 'm' }],
    attach: [
      'POST',
      '/pages/a/attachments',
      { filename: 'g', content: '', revision: 'R', commit_message: 'm' },
    ],
    detach: ['DELETE', '/pages/a/attachments/f.txt', { revision: 'R', commit_message: 'm' }],
    batch: [
      'POST',
      '/batch',
      { changes: [{ op: 'put', path: 'b', content: '' }], commit_message: 'm', dry_run: false },
    ],
    revert: ['POST', '/revert', { revision: 'R', commit_message: 'm', dry_run: false }],
  };
  /** Null means absent in these. */
  const nullable = [
    'commit_message',
    'dry_run',
    'on_conflict',
    'placement',
    'recursive',
    'expected_revision',
  ];
  const flags = ['dry_run', 'recursive'];

  test.each(Object.keys(good))('%s', async kind => {
    const { call, unchanged } = wiki;
    const [method, path, fields] = good[kind] ?? ['', '', {}];
    for (const field of Object.keys(fields)) {
      for (const value of flags.includes(field) ? ['true', ...wrong.filter(item => item !== true)] : wrong) {
        const isNull = value === null && (nullable.includes(field) || fields[field] === 'R');
        if (isNull || (field === 'changes' && Array.isArray(value))) continue;
        const { status, body } = await call(method, path, { ...fields, [field]: value });
        expect([field, value, status, body.error]).toEqual([field, value, 422, expect.any(String)]);
      }
    }
    for (const body of ['x', 1, true, ['x']]) {
      const answer = await call(method, path, JSON.stringify(body));
      expect([body, answer.status]).toEqual([body, 422]);
    }
    await unchanged();
  });

  test('names that every object inherits are not fields', async () => {
    const { call, unchanged } = wiki;
    const body = '{"__proto__": {"content": "evil"}, "constructor": {"prototype": {"content": "evil"}}}';
    expect((await call('PUT', '/pages/b', body)).status).toBe(422);
    await unchanged();
  });

  test('very deep JSON', async () => {
    const { call, unchanged } = wiki;
    const deep = `${'['.repeat(100_000)}${']'.repeat(100_000)}`;
    for (const body of [deep, `{"content": ${deep}}`]) {
      expect((await call('PUT', '/pages/b', body)).status).toBe(422);
    }
    await unchanged();
  });
});

describe('text that is none', () => {
  test('a body that is not UTF-8', async () => {
    const { call, unchanged } = await prepareWiki();
    const body = Buffer.concat([Buffer.from('{"content":"'), Buffer.from([0xff]), Buffer.from('"}')]);
    const answer = await call('PUT', '/pages/b', body);
    expect([answer.status, answer.body.code]).toEqual([422, 'body_invalid']);
    await unchanged();
  });

  test('halves of surrogate pairs', async () => {
    const { call, unchanged, revision } = await prepareWiki();
    const half = '\\ud800';
    const answers = [
      await call('PUT', '/pages/b', `{"content":"${half}"}`),
      await call('PUT', '/pages/b', `{"content":"x","commit_message":"${half}"}`),
      await call(
        'PATCH',
        '/pages/a',
        `{"revision":"${revision}","old_string":"text","new_string":"${half}"}`,
      ),
      await call('POST', '/pages/a/rename', `{"new_path":"${half}"}`),
      await call('POST', '/batch', `{"changes":[{"op":"put","path":"${half}","content":""}]}`),
    ];
    expect(answers.map(({ status }) => status)).toEqual([422, 422, 422, 422, 422]);
    await unchanged();
  });

  test('a query that is not UTF-8', async () => {
    const { call } = await prepareWiki();
    for (const path of ['/search?q=%ff', '/pages?prefix=%', '/pages/a?revision=%c3']) {
      const { status, body } = await call('GET', path);
      expect([status, body.code]).toEqual([422, 'query_invalid']);
    }
  });

  test('a message with NUL makes no commit that git refuses', async () => {
    const { call } = await prepareWiki();
    const { status } = await call('PUT', '/pages/b', { content: 'x', commit_message: 'a\u0000b' });
    expect([201, 422]).toContain(status);
    const { entries } = (await call('GET', '/changelog?limit=1')).body;
    expect(entries[0].message).not.toContain('\u0000');
  });
});

describe('bodies over the limit', () => {
  test('are refused, naming the limit', async () => {
    const { call, unchanged } = await prepareWiki();
    const { status, body } = await call('PUT', '/pages/b', { content: 'x'.repeat(10_485_760) });
    expect([status, body.code]).toEqual([413, 'body_too_large']);
    expect(body.error).toContain('10485760');
    await unchanged();
  });

  test('the limit is a setting', async () => {
    const { call, head } = await openWiki({ KITTIWAKE_MAX_BODY: '1KiB' });
    expect((await call('PUT', '/pages/b', { content: 'x'.repeat(1024) })).body.error).toContain('1024');
    expect(await head()).toBeUndefined();
    expect((await call('PUT', '/pages/b', { content: 'x'.repeat(900) })).status).toBe(201);
  });

  test('attachments have more room', async () => {
    const { call, unchanged } = await prepareWiki();
    const content = 'A'.repeat(14 * 1024 * 1024);
    const { status, body } = await call('POST', '/pages/a/attachments', { filename: 'g', content });
    expect([status, body.code]).toEqual([413, 'body_too_large']);
    await unchanged();
  });

  test('over a real connection', async () => {
    const { service, unchanged } = await prepareWiki();
    const server = await startServer({
      app: service.app,
      host: '127.0.0.1',
      port: 0,
      requestTimeoutMs: 10_000,
      runtime: systemRuntime,
    });
    const headers = { authorization: `Bearer ${KEY}`, 'content-type': 'application/json' };
    const put = (body: string) => fetch(`${server.url}/api/v1/pages/b`, { method: 'PUT', headers, body });
    const refused = await put(JSON.stringify({ content: 'x'.repeat(11_000_000) }));
    expect([refused.status, await refused.json()]).toEqual([
      413,
      expect.objectContaining({ code: 'body_too_large' }),
    ]);
    await unchanged();
    expect((await put('{"content":"x"}')).status).toBe(201);
    await server.close(0);
  });
});
