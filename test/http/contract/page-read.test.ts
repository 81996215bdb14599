import { describe, expect, test } from 'vitest';
import { ISO_DATE, openWiki, REVISION, refusal } from '../harness.ts';

/** Contract section 5.2. */

describe('GET /pages/<path> (5.2)', () => {
  test('shows the page', async () => {
    const { call, write } = await openWiki();
    const content = '---\ntitle: My Page\n---\nBody [[Other]]';
    const revision = await write('Fm-Read', content);
    await write('linker', '[[fm-read]]');
    expect((await call('GET', '/pages/fm-read')).body).toEqual({
      content,
      frontmatter: { title: 'My Page' },
      last_commit: {
        author: 'Kittiwake',
        date: expect.stringMatching(ISO_DATE),
        message: '[api] Create: Fm-Read',
        revision,
      },
      linked_from: ['Linker'],
      links_to: ['Other'],
      name: 'My Page',
      path: 'Fm-Read',
      revision,
    });
  });

  test('an empty file is a page', async () => {
    const { call, write } = await openWiki();
    await write('empty', '');
    expect((await call('GET', '/pages/empty')).body).toMatchObject({ content: '', frontmatter: null });
  });

  test('a page that is not there', async () => {
    const { call } = await openWiki();
    const answer = await call('GET', '/pages/No%20Such/Page');
    expect(refusal(answer)).toEqual([404, 'Page not found: No Such/Page']);
  });

  test('bytes come back as they were sent', async () => {
    const { write, text } = await openWiki();
    for (const content of ['a\r\nb\r\n', 'no newline', 'ends\n\n', '\u0000\u0001', '😀\ufeff', '---']) {
      await write('page', content);
      expect(await text('page')).toBe(content);
    }
  });

  test('at a revision that touched it', async () => {
    const { call, write } = await openWiki();
    const first = await write('a', 'one [[x]]');
    await write('a', 'two [[y]]');
    const { body } = await call('GET', `/pages/a?revision=${first}`);
    expect(body).toMatchObject({ content: 'one [[x]]', revision: first, links_to: ['Y'] });
    expect(body.last_commit.revision).toBe(first);
  });

  test('at a revision that did not touch it: the file as of then, without a revision', async () => {
    const { call, write } = await openWiki();
    await write('a', 'one');
    const other = await write('b', 'x');
    await write('a', 'two');
    const { body } = await call('GET', `/pages/a?revision=${other}`);
    expect(body).toMatchObject({ content: 'one', revision: '', last_commit: null });
  });

  test('at HEAD, and at a revision in part and in upper case', async () => {
    const { call, write } = await openWiki();
    const first = await write('a', 'one');
    await write('a', 'two');
    await write('b', 'x');
    expect((await call('GET', '/pages/a?revision=HEAD')).body).toMatchObject({
      content: 'two',
      revision: '',
      last_commit: null,
    });
    const upper = first.slice(0, 12).toUpperCase();
    expect((await call('GET', `/pages/a?revision=${upper}`)).body.content).toBe('one');
  });

  test('a deleted page is found at the revisions it was there', async () => {
    const { call, write } = await openWiki();
    const revision = await write('a', 'gone');
    await call('DELETE', '/pages/a');
    expect((await call('GET', `/pages/a?revision=${revision}`)).body.content).toBe('gone');
  });

  test.each([
    '0123456',
    'ffff',
    'master',
    'HEAD~1',
    '-p',
    '--all',
    'HEAD^',
    'abc',
    '',
    'g'.repeat(40),
    'a'.repeat(41),
    'v1',
  ])('revision %j finds nothing', async revision => {
    const { call, write } = await openWiki();
    await write('a', 'x');
    const { status } = await call('GET', `/pages/a?revision=${encodeURIComponent(revision)}`);
    expect(status).toBe(revision === '' ? 200 : 404);
  });

  test('has an ETag that a later read is compared with', async () => {
    const { call, write } = await openWiki();
    await write('a', 'x');
    const { headers } = await call('GET', '/pages/a');
    expect(headers.etag).toMatch(/^"[0-9a-f]{40}-[0-9a-f]+"$/);
    expect(headers['cache-control']).toBe('private, no-cache');
    const again = await call('GET', '/pages/a', undefined, { 'if-none-match': headers.etag ?? '' });
    expect([again.status, again.body, again.headers.etag]).toEqual([304, undefined, headers.etag]);
    const list = await call('GET', '/pages/a', undefined, { 'if-none-match': `"x", W/${headers.etag}` });
    expect(list.status).toBe(304);
  });

  test('the ETag changes with the text, and with what else the answer says', async () => {
    const { call, write } = await openWiki();
    await write('a', 'x');
    const etag = (await call('GET', '/pages/a')).headers.etag ?? '';
    await write('b', '[[a]]');
    const linked = await call('GET', '/pages/a', undefined, { 'if-none-match': etag });
    expect([linked.status, linked.body.linked_from]).toEqual([200, ['B']]);
    await write('a', 'y');
    expect((await call('GET', '/pages/a')).headers.etag?.slice(0, 41)).not.toBe(etag.slice(0, 41));
  });

  test('one section', async () => {
    const { call, write } = await openWiki();
    await write('a', '# A\none\n## B\ntwo\n# C\nthree\n');
    expect((await call('GET', '/pages/a?section=b')).body.content).toBe('## B\ntwo\n');
    expect((await call('GET', '/pages/a?section=A%20%3E%20B')).body.content).toBe('## B\ntwo\n');
    expect((await call('GET', '/pages/a?section=zzz')).body).toMatchObject({ code: 'section_not_found' });
  });

  test('HEAD is GET without a body', async () => {
    const { call, write } = await openWiki();
    await write('a', 'x');
    const { status, body, headers } = await call('HEAD', '/pages/a');
    expect([status, body]).toEqual([200, undefined]);
    expect(headers.etag).toMatch(/^"/);
    expect((await call('HEAD', '/pages/b')).status).toBe(404);
  });

  test('the revision of a page is that of its file, not the head', async () => {
    const { call, write } = await openWiki();
    const revision = await write('a', 'x');
    await write('b', 'y');
    expect((await call('GET', '/pages/a')).body.revision).toBe(revision);
    expect(revision).toMatch(REVISION);
  });
});
