import { beforeAll, describe, expect, test } from 'vitest';
import { type PreparedWiki, prepareWiki } from './prepared-wiki.ts';

/** Revisions and headers that attackers and accidents send. Each is refused, and the repository stays as it was. */

/** One wiki for all tests of this file: whatever is sent, it stays as it is. */
let wiki: PreparedWiki;

beforeAll(async () => {
  let clean = async () => {};
  wiki = await prepareWiki(step => {
    clean = step;
  });
  return () => clean();
});

describe('revisions', () => {
  const strange = [
    '-',
    '--help',
    '-p1234567',
    '--output=/tmp/x',
    'HEAD',
    'HEAD^^^^^^^',
    'refs/heads/main',
    'master~1',
    '@{upstream}',
    ':/text...',
    '0'.repeat(40),
    'g'.repeat(40),
    `${'a'.repeat(40)}\n`,
    ' '.repeat(8),
    '../../../etc',
    '1234567',
  ];

  test.each(strange)('%j changes nothing', async revision => {
    const { call, unchanged } = wiki;
    const answers = [
      await call('PUT', '/pages/a', { content: 'evil', revision }),
      await call('PUT', '/pages/a', { content: 'evil', revision, on_conflict: 'merge' }),
      await call('PATCH', '/pages/a', { revision, old_string: 'text', new_string: 'evil' }),
      await call('DELETE', '/pages/a', { revision }),
      await call('POST', '/pages/a/rename', { new_path: 'evil', revision }),
      await call('POST', '/pages/a/attachments', { filename: 'f.txt', content: '', revision }),
      await call('DELETE', '/pages/a/attachments/f.txt', { revision }),
      ...(revision === 'HEAD'
        ? []
        : [
            await call('POST', '/pages/a/restore', { revision }),
            await call('POST', '/revert', { revision }),
            await call('GET', `/pages/a?revision=${encodeURIComponent(revision)}`),
          ]),
    ];
    for (const { status, body } of answers) expect([404, 409, 422], body.error).toContain(status);
    await unchanged();
  });

  test('in upper case are none', async () => {
    const { call, unchanged, revision } = wiki;
    const upper = `${revision}abcdef`.toUpperCase();
    expect((await call('PUT', '/pages/a', { content: 'evil', revision: upper })).status).toBe(409);
    await unchanged();
  });

  test('of another page, of trees and blobs', async () => {
    const { call, write, service, revision } = await prepareWiki();
    const other = await write('b', 'x');
    await write('a', 'newer');
    const view = await (await service.repository()).view();
    const commit = await view.commit(view.head ?? '');
    const file = await view.file('a.md');
    for (const stale of [revision, other, commit?.tree ?? '', file?.oid ?? '']) {
      expect((await call('PUT', '/pages/a', { content: 'evil', revision: stale })).status).toBe(409);
      expect((await call('DELETE', '/pages/a', { revision: stale })).status).toBe(409);
    }
    for (const object of [commit?.tree ?? '', file?.oid ?? '']) {
      expect((await call('GET', `/pages/a?revision=${object}`)).status).toBe(404);
      expect((await call('POST', '/pages/a/restore', { revision: object })).status).toBe(404);
      expect((await call('POST', '/revert', { revision: object })).status).toBe(404);
    }
    expect((await (await service.repository()).view()).head).toBe(view.head);
  });
});

describe('headers', () => {
  test.each(['x', '"', '"x', 'W/"x"', '*, "x', '"a"-"b"', ''])(
    'If-Match %j matches nothing but what it names',
    async match => {
      const { call, unchanged } = await prepareWiki();
      const { status } = await call('PUT', '/pages/a', { content: 'evil' }, { 'if-match': match });
      expect([
        status === 200 && match === '*, "x',
        status === 412 || status === 409 || status === 422,
      ]).toContain(true);
      if (match !== '*, "x') await unchanged();
    },
  );

  test('a cursor of another list', async () => {
    const { call } = await prepareWiki();
    for (const path of [
      '/pages',
      '/links',
      '/links/a',
      '/changelog',
      '/pages/a/history',
      '/pages/a/attachments',
    ]) {
      for (const cursor of ['x', '-1', '..', '%00', '99999999999999999999']) {
        const { status, body } = await call('GET', `${path}?cursor=${cursor}`);
        expect([path, cursor, status, body.code]).toEqual([path, cursor, 422, 'cursor_invalid']);
      }
    }
  });
});
