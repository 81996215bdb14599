import { describe, expect, test } from 'vitest';
import { openWiki, REVISION, refusal } from '../harness.ts';

/** Contract sections 5.4 and 5.5. */

async function page(content = '---\ntitle: T\n---\nHello world, hello again\n') {
  const wiki = await openWiki();
  const revision = await wiki.write('Patch-Test', content);
  const patch = (body: unknown, path = 'patch-test') => wiki.call('PATCH', `/pages/${path}`, body);
  return { ...wiki, revision, patch };
}

describe('PATCH /pages/<path> (5.4)', () => {
  test('replaces one exact substring', async () => {
    const { patch, revision, text } = await page();
    const { status, body } = await patch({ revision, old_string: 'world', new_string: 'there' });
    expect([status, body]).toEqual([
      200,
      { name: 'T', path: 'Patch-Test', revision: expect.stringMatching(REVISION) },
    ]);
    expect(await text('patch-test')).toBe('---\ntitle: T\n---\nHello there, hello again\n');
  });

  test('1: no body', async () => {
    const { patch } = await page();
    for (const body of [undefined, {}, [], '', '{', 'null']) {
      expect(refusal(await patch(body))).toEqual([422, 'Request body is required']);
    }
  });

  test.each([
    [{ x: 1 }, 'revision'],
    [{ old_string: 'a', new_string: 'b' }, 'revision'],
    [{ revision: 'abcdefg', new_string: 'b' }, 'old_string'],
    [{ revision: 1, old_string: 'a' }, 'new_string'],
    [{ revision: 'x', old_string: '' }, 'new_string'],
  ])('2: %j misses %s', async (body, field) => {
    const { patch } = await page();
    expect(refusal(await patch(body))).toEqual([422, `Missing required field: ${field}`]);
  });

  test('3 to 5: the fields, in their order, before the page is looked for', async () => {
    const { patch } = await page();
    const steps: [object, string][] = [
      [{ revision: '', old_string: '', new_string: '' }, 'old_string must not be empty'],
      [{ revision: '', old_string: 'a', new_string: 'a' }, 'revision must be at least 7 characters'],
      [{ revision: 'abcdef', old_string: 'a', new_string: 'a' }, 'revision must be at least 7 characters'],
      [{ revision: 'abcdefg', old_string: 'a', new_string: 'a' }, 'old_string and new_string are identical'],
    ];
    for (const [body, error] of steps) {
      expect(refusal(await patch(body))).toEqual([422, error]);
      expect(refusal(await patch(body, 'absent'))).toEqual([422, error]);
    }
  });

  test('6: no page', async () => {
    const { patch } = await page();
    const answer = await patch({ revision: 'abcdefg', old_string: 'a', new_string: 'b' }, 'Ab%20sent');
    expect(refusal(answer)).toEqual([404, 'Page not found: Ab sent']);
  });

  test('7: a stale revision, before the text is looked for', async () => {
    const { patch, revision, write } = await page();
    const current = await write('patch-test', 'new');
    const answer = await patch({ revision, old_string: 'absent', new_string: 'b' });
    expect(refusal(answer)).toEqual([409, 'Revision mismatch: page has been modified since last read.']);
    expect(answer.body.current_revision).toBe(current);
  });

  test('8: not found', async () => {
    const { patch, revision } = await page();
    const answer = await patch({ revision, old_string: 'WORLD', new_string: 'b' });
    expect(refusal(answer)).toEqual([422, 'old_string not found in page content']);
  });

  test('9: found more than once, without overlap', async () => {
    const { patch, revision } = await page('aaaa b');
    const answer = await patch({ revision, old_string: 'aa', new_string: 'b' });
    expect(refusal(answer)).toEqual([
      422,
      'old_string is ambiguous: found 2 occurrences. Provide a longer unique string.',
    ]);
  });

  test('reaches the frontmatter, deletes with an empty string, and takes 7 characters of the revision', async () => {
    const { patch, revision, text } = await page('---\ntitle: T\n---\nx');
    const first = await patch({
      revision: revision.slice(0, 7),
      old_string: 'title: T',
      new_string: 'title: U',
    });
    expect(first.body.name).toBe('U');
    const { status } = await patch({ revision: first.body.revision, old_string: 'x', new_string: '' });
    expect(status).toBe(200);
    expect(await text('patch-test')).toBe('---\ntitle: U\n---\n');
  });

  test('special characters are no patterns', async () => {
    const { patch, revision, text } = await page('cost: $1.00 (a+b)');
    await patch({ revision, old_string: '$1.00 (a+b)', new_string: "$& $1 $$ $'" });
    expect(await text('patch-test')).toBe("cost: $& $1 $$ $'");
  });
});

describe('DELETE /pages/<path> (5.5)', () => {
  test('needs no body and no revision', async () => {
    const { call, write } = await openWiki();
    await write('Delete-Me', 'x');
    const { status, body } = await call('DELETE', '/pages/delete-me');
    expect([status, body]).toEqual([200, { deleted: true, path: 'Delete-Me' }]);
    expect((await call('GET', '/pages/delete-me')).status).toBe(404);
  });

  test('an invalid body is fine', async () => {
    const { call, write } = await openWiki();
    await write('a', 'x');
    expect((await call('DELETE', '/pages/a', '{')).status).toBe(200);
  });

  test('a page that is not there', async () => {
    const { call } = await openWiki();
    expect(refusal(await call('DELETE', '/pages/Nope'))).toEqual([404, 'Page not found: Nope']);
  });

  test('leaves attachments and sub-pages, and takes its links along', async () => {
    const { call, write } = await openWiki();
    await write('a', '[[target]]');
    await write('a/sub', 'y');
    await call('POST', '/pages/a/attachments', { filename: 'f.txt', content: 'eA==' });
    await call('DELETE', '/pages/a');
    expect((await call('GET', '/pages/a/sub')).status).toBe(200);
    expect((await call('GET', '/links/target')).body.linked_from).toEqual([]);
    await write('a', 'again');
    expect((await call('GET', '/pages/a/attachments')).body.total).toBe(1);
  });
});
