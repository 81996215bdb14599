import { describe, expect, test } from 'vitest';
import { openWiki } from '../harness.ts';

/** Contract section 15: conditions, repeats and trials of writes. */

describe('If-Match', () => {
  async function page() {
    const wiki = await openWiki();
    const revision = await wiki.write('a', 'one\n');
    const etag = (await wiki.call('GET', '/pages/a')).headers.etag ?? '';
    return { ...wiki, revision, etag, blob: etag.slice(1, 41) };
  }

  test('takes the ETag of a read, that of a write, and a bare blob id; no revision is needed', async () => {
    const { call, etag, blob } = await page();
    const put = async (match: string, content: string) =>
      call('PUT', '/pages/a', { content }, { 'if-match': match });
    const first = await put(etag, 'two\n');
    expect(first.status).toBe(200);
    const second = await put(first.headers.etag ?? '', 'one\n');
    expect(second.headers.etag).toBe(`"${blob}"`);
    expect((await put(blob, 'three')).status).toBe(200);
    expect((await put('*', 'four')).status).toBe(200);
  });

  test.each([
    ['PUT', '/pages/a', { content: 'two' }],
    ['PATCH', '/pages/a', { old_string: 'one', new_string: 'two' }],
    ['DELETE', '/pages/a', undefined],
    ['POST', '/pages/a/rename', { new_path: 'b' }],
  ])('%s %s is refused when the text is another one', async (method, path, body) => {
    const { call, head, etag, write } = await page();
    await write('a', 'changed one');
    const before = await head();
    const stale = await call(method, path, body, { 'if-match': etag });
    expect([stale.status, stale.body.code]).toEqual([412, 'precondition_failed']);
    expect(await head()).toBe(before);
    const fresh = (await call('GET', '/pages/a')).headers.etag ?? '';
    expect((await call(method, path, body, { 'if-match': fresh })).status).toBe(200);
  });

  test('is refused where there is nothing', async () => {
    const { call } = await page();
    expect((await call('PUT', '/pages/new', { content: 'x' }, { 'if-match': '*' })).status).toBe(412);
  });

  test('If-None-Match: * creates and never replaces', async () => {
    const { call } = await page();
    const only = { 'if-none-match': '*' };
    expect((await call('PUT', '/pages/new', { content: 'x' }, only)).status).toBe(201);
    const again = await call('PUT', '/pages/new', { content: 'y' }, only);
    expect([again.status, again.body.code]).toEqual([412, 'precondition_failed']);
  });
});

describe('an optional revision', () => {
  test('on DELETE', async () => {
    const { call, write } = await openWiki();
    const old = await write('a', 'x');
    const current = await write('a', 'y');
    const stale = await call('DELETE', '/pages/a', { revision: old });
    expect([stale.status, stale.body.current_revision]).toEqual([409, current]);
    expect((await call('DELETE', '/pages/a', { revision: current.slice(0, 7) })).status).toBe(200);
  });

  test('on DELETE with what is below', async () => {
    const { call, write } = await openWiki();
    await write('a', 'x');
    await write('a/sub', 'y');
    await call('POST', '/pages/a/attachments', { filename: 'f', content: '' });
    const { body } = await call('DELETE', '/pages/a', { recursive: true });
    expect(body).toEqual({ deleted: true, path: 'A', deleted_pages: ['A/Sub'], deleted_attachments: 1 });
    expect((await call('GET', '/pages')).body.total).toBe(0);
  });
});

describe('Idempotency-Key', () => {
  const key = { 'idempotency-key': 'abc-1' };

  test('a repeat gets the first answer and changes nothing', async () => {
    const { call, head } = await openWiki();
    const first = await call('PUT', '/pages/a', { content: 'x' }, key);
    const before = await head();
    const again = await call('PUT', '/pages/a', { content: 'x' }, key);
    expect([again.status, again.body]).toEqual([201, first.body]);
    expect(first.headers['idempotency-replayed']).toBeUndefined();
    expect(again.headers['idempotency-replayed']).toBe('true');
    expect(await head()).toBe(before);
  });

  test.each([
    ['another body', 'PUT', '/pages/a', { content: 'y' }],
    ['another path', 'PUT', '/pages/b', { content: 'x' }],
    ['another method', 'DELETE', '/pages/a', undefined],
  ])('is refused with %s', async (_, method, path, body) => {
    const { call, head } = await openWiki();
    await call('PUT', '/pages/a', { content: 'x' }, key);
    const before = await head();
    const answer = await call(method, path, body, key);
    expect([answer.status, answer.body.code]).toEqual([422, 'idempotency_mismatch']);
    expect(await head()).toBe(before);
  });

  test('a refusal is not kept: the same key may succeed later', async () => {
    const { call, write } = await openWiki();
    await write('a', 'x');
    expect((await call('POST', '/pages/b/rename', { new_path: 'c' }, key)).status).toBe(404);
    await write('b', 'y');
    expect((await call('POST', '/pages/b/rename', { new_path: 'c' }, key)).status).toBe(200);
  });

  test('requests at once with one key become one commit', async () => {
    const { call } = await openWiki();
    const body = { filename: 'f', content: 'eA==' };
    await call('PUT', '/pages/a', { content: 'x' });
    const answers = await Promise.all(
      Array.from({ length: 5 }, () => call('POST', '/pages/a/attachments', body, key)),
    );
    expect(answers.map(({ status }) => status)).toEqual([201, 201, 201, 201, 201]);
    expect((await call('GET', '/changelog')).body.total).toBe(2);
  });

  test.each(['', 'x'.repeat(256), 'a\nb', 'ключ', '\u0000'])('%j is no key', async bad => {
    const { call, head } = await openWiki();
    const answer = await call('PUT', '/pages/a', { content: 'x' }, { 'idempotency-key': bad });
    expect([answer.status, answer.body.code]).toEqual([422, 'idempotency_key_invalid']);
    expect(await head()).toBeUndefined();
  });

  test('works for every kind of write', async () => {
    const { call, write } = await openWiki();
    const revision = await write('a', 'text [[b]]');
    const requests: [string, string, unknown][] = [
      ['PATCH', '/pages/a', { revision, old_string: 'text', new_string: 'changed' }],
      ['POST', '/pages/a/attachments', { filename: 'f', content: 'eA==' }],
      ['DELETE', '/pages/a/attachments/f', undefined],
      ['POST', '/pages/a/rename', { new_path: 'c' }],
      ['POST', '/pages/c/restore', { revision }],
      ['POST', '/batch', { changes: [{ op: 'put', path: 'd', content: 'x' }] }],
      ['POST', '/revert', { revision: 'HEAD' }],
      ['DELETE', '/pages/a', undefined],
    ];
    for (const [index, [method, path, body]] of requests.entries()) {
      const headers = { 'idempotency-key': `key ${index}` };
      const head = (await call('GET', '/changelog?limit=1')).body.entries[0].revision;
      const sent = path === '/revert' ? { revision: head } : body;
      const first = await call(method, path, sent, headers);
      const again = await call(method, path, sent, headers);
      expect([path, again.status, again.body]).toEqual([path, first.status, first.body]);
      if (first.status < 300) expect(again.headers['idempotency-replayed']).toBe('true');
    }
  });
});

describe('dry_run', () => {
  test('says what would happen and commits nothing', async () => {
    const { call, write, head } = await openWiki();
    const revision = await write('a', 'x [[a]]');
    await write('b', '[[a]]');
    const before = await head();
    const tries: [string, string, object, number][] = [
      ['PUT', '/pages/new', { content: 'x' }, 201],
      ['PUT', '/pages/a', { content: 'y', revision }, 200],
      ['PATCH', '/pages/a', { revision, old_string: 'x', new_string: 'y' }, 200],
      ['DELETE', '/pages/a', {}, 200],
      ['POST', '/pages/a/rename', { new_path: 'c' }, 200],
      ['POST', '/pages/a/attachments', { filename: 'f', content: '' }, 201],
      ['POST', '/batch', { changes: [{ op: 'delete', path: 'b' }] }, 200],
      ['POST', '/revert', { revision }, 200],
    ];
    for (const [method, path, body, status] of tries) {
      const answer = await call(method, path, { ...body, dry_run: true });
      expect([method, path, answer.status, answer.body.error]).toEqual([method, path, status, undefined]);
      expect(answer.body).toMatchObject({ dry_run: true, changes: expect.any(Array) });
    }
    expect(await head()).toBe(before);
    const rename = (await call('POST', '/pages/a/rename', { new_path: 'c', dry_run: true })).body;
    expect(rename.changes).toEqual([
      { path: 'a.md', action: 'delete' },
      { path: 'b.md', action: 'update' },
      { path: 'c.md', action: 'create' },
    ]);
  });

  test('is refused like the write itself', async () => {
    const { call, write } = await openWiki();
    await write('a', 'x');
    expect((await call('PUT', '/pages/a', { content: 'y', dry_run: true })).status).toBe(409);
  });
});
