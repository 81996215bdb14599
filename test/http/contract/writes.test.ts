import { describe, expect, test } from 'vitest';
import { openWiki, REVISION, refusal } from '../harness.ts';

/** Contract section 15: what writes can do beyond Otterwiki's API. */

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

describe('sections', () => {
  const content = '# A\none\n## B\ntwo\n# C\nthree\n';

  test('one is replaced, or added to', async () => {
    const { call, write, text } = await openWiki();
    const revision = await write('a', content);
    const first = await call('PATCH', '/pages/a', { revision, section: 'B', content: '## B\nnew\n' });
    expect(first.status).toBe(200);
    expect(await text('a')).toBe('# A\none\n## B\nnew\n# C\nthree\n');
    const change = { revision: first.body.revision, section: 'c', content: 'more\n', placement: 'append' };
    expect((await call('PATCH', '/pages/a', change)).status).toBe(200);
    expect(await text('a')).toBe('# A\none\n## B\nnew\n# C\nthree\n\nmore\n');
  });

  test('one that is not there, or twice', async () => {
    const { call, write } = await openWiki();
    const revision = await write('a', '# X\n## S\n# Y\n## S\n');
    const absent = await call('PATCH', '/pages/a', { revision, section: 'Z', content: '' });
    expect([absent.status, absent.body.code, absent.body.sections]).toEqual([
      422,
      'section_not_found',
      ['X', 'X > S', 'Y', 'Y > S'],
    ]);
    const twice = await call('PATCH', '/pages/a', { revision, section: 'S', content: '' });
    expect(twice.body.code).toBe('section_ambiguous');
  });

  test('needs the content', async () => {
    const { call, write } = await openWiki();
    const revision = await write('a', content);
    expect(refusal(await call('PATCH', '/pages/a', { revision, section: 'B' }))).toEqual([
      422,
      'Missing required field: content',
    ]);
  });
});

describe('on_conflict: merge', () => {
  const base = 'one\ntwo\nthree\nfour\nfive\n';

  test('changes apart from each other become one text', async () => {
    const { call, write, text } = await openWiki();
    const revision = await write('a', base);
    await write('a', base.replace('one', 'ONE'));
    const body = { content: base.replace('five', 'FIVE'), revision, on_conflict: 'merge' };
    const answer = await call('PUT', '/pages/a', body);
    expect([answer.status, answer.body.merged]).toEqual([200, true]);
    expect(await text('a')).toBe('ONE\ntwo\nthree\nfour\nFIVE\n');
  });

  test('changes of one line are a conflict, with everything needed to resolve it', async () => {
    const { call, write, head } = await openWiki();
    const revision = await write('a', base);
    const current = await write('a', base.replace('three', 'THREE'));
    const before = await head();
    const body = { content: base.replace('three', 'drei'), revision, on_conflict: 'merge' };
    const answer = await call('PUT', '/pages/a', body);
    expect([answer.status, answer.body.code, answer.body.current_revision]).toEqual([
      409,
      'merge_conflict',
      current,
    ]);
    expect(answer.body.error).toContain('Revision mismatch');
    expect(answer.body.diff).toContain('THREE');
    expect(answer.body.hunks).toHaveLength(1);
    expect(await head()).toBe(before);
  });

  test('PATCH merges too', async () => {
    const { call, write, text } = await openWiki();
    const revision = await write('a', base);
    await write('a', base.replace('one', 'ONE'));
    const body = { revision, old_string: 'five', new_string: 'FIVE', on_conflict: 'merge' };
    expect((await call('PATCH', '/pages/a', body)).status).toBe(200);
    expect(await text('a')).toBe('ONE\ntwo\nthree\nfour\nFIVE\n');
  });
});

describe('POST /batch', () => {
  test('makes all changes in one commit', async () => {
    const { call, write, text } = await openWiki();
    const revision = await write('a', 'text [[old]]');
    await write('old', 'x');
    await write('gone', 'x');
    const { status, body } = await call('POST', '/batch', {
      commit_message: 'All at once',
      changes: [
        { op: 'put', path: 'new', content: 'y' },
        { op: 'patch', path: 'a', revision, old_string: 'text', new_string: 'changed' },
        { op: 'rename', path: 'old', new_path: 'moved' },
        { op: 'delete', path: 'gone' },
        { op: 'attach', path: 'new', filename: 'f.txt', content: 'eA==' },
      ],
    });
    expect([status, body.revision, body.results.length]).toEqual([200, expect.stringMatching(REVISION), 5]);
    expect(body.results[0]).toMatchObject({ created: true, path: 'New' });
    expect(await text('a')).toBe('changed [[Moved]]');
    const { entries } = (await call('GET', '/changelog?limit=1')).body;
    expect(entries[0]).toMatchObject({ revision: body.revision, message: 'All at once' });
  });

  test('is all or nothing', async () => {
    const { call, head } = await openWiki();
    const answer = await call('POST', '/batch', {
      changes: [
        { op: 'put', path: 'a', content: 'x' },
        { op: 'delete', path: 'absent' },
      ],
    });
    expect([answer.status, answer.body.code, answer.body.index]).toEqual([404, 'page_not_found', 1]);
    expect(await head()).toBeUndefined();
  });

  test.each([
    [undefined, "Request body must include 'changes' field"],
    [{ changes: 'x' }, 'changes must be a list'],
    [{ changes: [1] }, 'changes[0] must be a JSON object'],
    [{ changes: [{ path: 'a' }] }, 'Missing required field: changes[0].op'],
    [{ changes: [{ op: 'put', path: 'a' }] }, 'Missing required field: changes[0].content'],
    [{ changes: [{ op: 'put', path: 1, content: '' }] }, 'changes[0].path must be a string'],
    [
      { changes: [{ op: 'patch', path: 'a', old_string: 'x', new_string: 'y' }] },
      'Missing required field: changes[0].revision',
    ],
    [{ changes: [{ op: 'restore', path: 'a' }] }, 'Missing required field: changes[0].revision'],
    [{ changes: [{ op: 'attach', path: 'a', content: '' }] }, 'Missing required field: changes[0].filename'],
  ])('%j is refused', async (body, error) => {
    const { call } = await openWiki();
    expect(refusal(await call('POST', '/batch', body))).toEqual([422, error]);
  });

  test('holds 1 to 1,000 changes', async () => {
    const { call } = await openWiki();
    const changes = (count: number) =>
      Array.from({ length: count }, (_, index) => ({ op: 'put', path: `p${index}`, content: 'x' }));
    expect((await call('POST', '/batch', { changes: [] })).body.code).toBe('batch_empty');
    expect((await call('POST', '/batch', { changes: changes(1001) })).body.code).toBe('batch_too_large');
    expect((await call('POST', '/batch', { changes: changes(1000) })).status).toBe(200);
    expect((await call('GET', '/pages')).body.total).toBe(1000);
  });
});

describe('restore and revert', () => {
  test('a page gets the text of a revision back, also when it was deleted', async () => {
    const { call, write, text } = await openWiki();
    const first = await write('a', 'one');
    await write('a', 'two');
    const restored = await call('POST', '/pages/a/restore', { revision: first });
    expect([restored.status, restored.body]).toEqual([
      200,
      {
        created: false,
        name: 'A',
        path: 'A',
        restored_from: first,
        revision: expect.stringMatching(REVISION),
      },
    ]);
    expect(await text('a')).toBe('one');
    await call('DELETE', '/pages/a');
    const back = await call('POST', '/pages/a/restore', { revision: first });
    expect([back.status, back.body.created]).toEqual([201, true]);
  });

  test('restoring checks the revision expected', async () => {
    const { call, write } = await openWiki();
    const first = await write('a', 'one');
    const current = await write('a', 'two');
    const stale = await call('POST', '/pages/a/restore', { revision: first, expected_revision: first });
    expect([stale.status, stale.body.current_revision]).toEqual([409, current]);
    expect((await call('POST', '/pages/a/restore', {})).body.error).toBe(
      "Request body must include 'revision' field",
    );
    expect((await call('POST', '/pages/a/restore', { revision: 'f'.repeat(40) })).status).toBe(404);
  });

  test('a commit is undone', async () => {
    const { call, write, text } = await openWiki();
    await write('a', 'one');
    const second = await write('a', 'two');
    await write('b', 'x');
    const { status, body } = await call('POST', '/revert', { revision: second });
    expect([status, body]).toEqual([
      200,
      { pages: ['A'], reverted: second, revision: expect.stringMatching(REVISION) },
    ]);
    expect(await text('a')).toBe('one');
  });

  test('a commit over which others wrote is not', async () => {
    const { call, write, head } = await openWiki();
    await write('a', 'one');
    const second = await write('a', 'two');
    await write('a', 'three');
    const before = await head();
    const answer = await call('POST', '/revert', { revision: second });
    expect([answer.status, answer.body.code, answer.body.pages]).toEqual([409, 'revert_conflict', ['A']]);
    expect(await head()).toBe(before);
    expect((await call('POST', '/revert', {})).body.error).toBe("Request body must include 'revision' field");
    expect((await call('POST', '/revert', { revision: 'f'.repeat(40) })).status).toBe(404);
  });
});
