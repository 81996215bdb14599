import { describe, expect, test } from 'vitest';
import { openWiki, REVISION, refusal } from '../harness.ts';

/** Contract section 15: sections, merges, batches, restoring and reverting. */

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
