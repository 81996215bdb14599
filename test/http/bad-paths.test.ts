import { beforeAll, describe, expect, test } from 'vitest';
import { openWiki } from './harness.ts';
import { type PreparedWiki, prepareWiki } from './prepared-wiki.ts';

/** Paths that attackers and accidents send. Each is refused, and the repository stays as it was. */

/** One wiki for all tests of this file: whatever is sent, it stays as it is. */
let wiki: PreparedWiki;

beforeAll(async () => {
  let clean = async () => {};
  wiki = await prepareWiki(step => {
    clean = step;
  });
  return () => clean();
});

/** Raw paths: as they go over the wire. */
const PATHS = [
  '..',
  '../evil',
  'a/../evil',
  'a/..',
  '.',
  './a',
  'a/./b',
  '%2e%2e/evil',
  '%2E%2E%2Fevil',
  '..%2fevil',
  '..%5cevil',
  '%252e%252e/evil',
  '%25252e%25252e/evil',
  '.%252e/evil',
  'a%252f..%252fevil',
  '.git',
  '.git/config',
  '.GIT/config',
  '.Git/hooks/x',
  'a/.git/config',
  '%2egit/config',
  '%252egit/config',
  'git~1/config',
  'GIT~1/config',
  '.git%20/config',
  '.git./config',
  '.git%20./config',
  '.git::$INDEX_ALLOCATION/config',
  '.g%E2%80%8Cit/config',
  '.gi%E2%80%8Dt/config',
  '.%EF%BB%BFgit/config',
  'a%00b',
  'a%01b',
  'a%0ab',
  'a%0db',
  'a%1fb',
  'a%7fb',
  'a%2500b',
  'a%5cb',
  '%',
  '%2',
  '%zz',
  '%ff',
  '%c3%28',
  '%c0%ae%c0%ae/evil',
  '%ed%a0%80',
  '%2f',
  '.md',
  'x'.repeat(253),
  `a/${'x'.repeat(253)}`,
  '%C3%BC'.repeat(127),
];

describe('paths that lead outside the pages, or nowhere', () => {
  test.each(PATHS)('%s', async path => {
    const { call, unchanged, revision } = wiki;
    const answers = [
      await call('PUT', `/pages/${path}`, { content: 'evil' }),
      await call('PATCH', `/pages/${path}`, { revision, old_string: 'text', new_string: 'evil' }),
      await call('DELETE', `/pages/${path}`),
      await call('POST', `/pages/${path}/rename`, { new_path: 'evil' }),
      await call('POST', `/pages/${path}/restore`, { revision }),
      await call('POST', `/pages/${path}/attachments`, { filename: 'evil', content: '' }),
      await call('GET', `/pages/${path}`),
      await call('GET', `/pages/${path}/history`),
      await call('GET', `/pages/${path}/attachments`),
      await call('GET', `/pages/${path}/attachments/f.txt`),
    ];
    expect(answers.map(({ status, body }) => [status, body.code])).toEqual(
      answers.map(() => [422, 'path_invalid']),
    );
    await unchanged();
  });

  const decoded = PATHS.flatMap(path => {
    try {
      const once = decodeURIComponent(path);
      return [once];
    } catch {
      return [];
    }
  });

  test.each(decoded.filter(path => path.trim() !== ''))('%j in a body', async path => {
    const { call, unchanged } = wiki;
    const answers = [
      await call('POST', '/pages/a/rename', { new_path: path }),
      await call('POST', '/batch', { changes: [{ op: 'put', path, content: 'evil' }] }),
      await call('POST', '/batch', { changes: [{ op: 'rename', path: 'a', new_path: path }] }),
      await call('POST', '/batch', { changes: [{ op: 'delete', path }] }),
    ];
    expect(answers.map(({ status, body }) => [status, body.code])).toEqual(
      answers.map(() => [422, 'path_invalid']),
    );
    await unchanged();
  });

  test('names of attachments cannot lead anywhere', async () => {
    const { call, unchanged } = wiki;
    for (const name of ['..', '../../evil', '/etc/passwd', '..%2f..%2fevil', '%2e%2e']) {
      const { status } = await call('GET', `/pages/a/attachments/${encodeURIComponent(name)}`);
      expect([404, 422]).toContain(status);
    }
    for (const filename of ['', '.', '..', '...', '/', '\\', '日本', '\u0000']) {
      const { status, body } = await call('POST', '/pages/a/attachments', { filename, content: 'eA==' });
      expect([filename, status, body.code]).toEqual([filename, 422, 'filename_invalid']);
    }
    await unchanged();
  });

  test('a file name of 255 bytes is the longest', async () => {
    const { call } = await openWiki();
    expect((await call('PUT', `/pages/${'x'.repeat(252)}`, { content: '' })).status).toBe(201);
  });
});

describe('a page where a folder is needed, and the reverse', () => {
  test('is refused', async () => {
    const { call, unchanged, service } = wiki;
    const answers = [
      await call('PUT', '/pages/a.md/below', { content: 'x' }),
      await call('POST', '/pages/a/rename', { new_path: 'folder/page.md/below' }),
      await call('POST', '/batch', {
        changes: [
          { op: 'put', path: 'new', content: 'x' },
          { op: 'put', path: 'new.md/below', content: 'x' },
        ],
      }),
      await call('POST', '/batch', {
        changes: [
          { op: 'put', path: 'new.md/below', content: 'x' },
          { op: 'put', path: 'new', content: 'x' },
        ],
      }),
    ];
    expect(answers.map(({ status }) => status)).toEqual([409, 409, 409, 409]);
    await unchanged();
    expect(await (await service.repository()).view()).toBeDefined();
  });

  test('by two writers at once, one is refused', async () => {
    const { call } = await openWiki();
    const statuses = (
      await Promise.all([
        call('PUT', '/pages/x', { content: '1' }),
        call('PUT', '/pages/x.md/below', { content: '2' }),
      ])
    ).map(({ status }) => status);
    expect(statuses.sort()).toEqual([201, 409]);
    expect((await call('GET', '/changelog')).body.total).toBe(1);
  });
});
