import { describe, expect, test } from 'vitest';
import { openWiki, REVISION, refusal } from '../harness.ts';

/** Contract sections 5.3 and 5.6. */

const missing = "Request body must include 'content' field";
const required =
  'Revision required when updating an existing page. Read the page first to get the current revision.';

describe('PUT /pages/<path> (5.3)', () => {
  test('creates', async () => {
    const { call } = await openWiki();
    const { status, body, headers } = await call('PUT', '/pages/New-Page', {
      content: 'x',
      revision: 'ignored',
    });
    expect([status, body]).toEqual([
      201,
      { created: true, name: 'New-Page', path: 'New-Page', revision: expect.stringMatching(REVISION) },
    ]);
    expect(headers.etag).toMatch(/^"[0-9a-f]{40}"$/);
  });

  test('replaces', async () => {
    const { call, write, text } = await openWiki();
    const revision = await write('a', 'one');
    const { status, body } = await call('PUT', '/pages/a', {
      content: 'two',
      revision: revision.slice(0, 7),
    });
    expect([status, body]).toEqual([
      200,
      { created: false, name: 'A', path: 'A', revision: expect.stringMatching(REVISION) },
    ]);
    expect(body.revision).not.toBe(revision);
    expect(await text('a')).toBe('two');
  });

  test('1: a body without content', async () => {
    const { call } = await openWiki();
    for (const body of [undefined, {}, { revision: 'x' }, '', '{', 'null', '[]']) {
      expect(refusal(await call('PUT', '/pages/a', body))).toEqual([422, missing]);
    }
  });

  test.each([undefined, '', null])('2: revision %j for a page that is there', async revision => {
    const { call, write } = await openWiki();
    await write('a', 'x');
    const answer = await call('PUT', '/pages/a', { content: 'y', revision });
    expect(refusal(answer)).toEqual([409, required]);
    expect(answer.body).not.toHaveProperty('current_revision');
  });

  test('3: a revision that is short', async () => {
    const { call, write } = await openWiki();
    const revision = await write('a', 'x');
    const answer = await call('PUT', '/pages/a', { content: 'y', revision: revision.slice(0, 6) });
    expect(refusal(answer)).toEqual([422, 'revision must be at least 7 characters']);
  });

  test('4: a revision that is not the newest', async () => {
    const { call, write } = await openWiki();
    const first = await write('a', 'x');
    const current = await write('a', 'y');
    for (const revision of [
      first,
      first.slice(0, 7),
      current.toUpperCase().replace(/^\d+$/, 'A'),
      `${current}0`,
    ]) {
      if (revision === current) continue;
      const answer = await call('PUT', '/pages/a', { content: 'z', revision });
      expect(refusal(answer)).toEqual([409, 'Revision mismatch: page has been modified since last read.']);
      expect(answer.body.current_revision).toBe(current);
    }
  });

  test('identical content makes no commit', async () => {
    const { call, write, head } = await openWiki();
    const revision = await write('a', 'x');
    const before = await head();
    const { status, body } = await call('PUT', '/pages/a', { content: 'x', revision });
    expect([status, body.revision]).toEqual([200, revision]);
    expect(await head()).toBe(before);
  });

  test('empty content is content', async () => {
    const { call } = await openWiki();
    expect((await call('PUT', '/pages/a', { content: '' })).status).toBe(201);
  });

  test('of writers with the same revision one wins', async () => {
    const { call, write } = await openWiki();
    const revision = await write('a', 'x');
    const answers = await Promise.all(
      Array.from({ length: 8 }, (_, index) => call('PUT', '/pages/a', { content: `by ${index}`, revision })),
    );
    const statuses = answers.map(({ status }) => status).sort();
    expect(statuses).toEqual([200, 409, 409, 409, 409, 409, 409, 409]);
    const winner = answers.findIndex(({ status }) => status === 200);
    expect((await call('GET', '/pages/a')).body.content).toBe(`by ${winner}`);
  });
});

describe('commit messages (5.6)', () => {
  async function messages() {
    const { call, write } = await openWiki();
    const message = async () => (await call('GET', '/changelog?limit=1')).body.entries[0].message;
    return { call, write, message };
  }

  test('are made of the request as typed', async () => {
    const { call, message } = await messages();
    const put = (await call('PUT', '/pages/My%20Page', { content: 'x' })).body;
    expect(await message()).toBe('[api] Create: My Page');
    const updated = (await call('PUT', '/pages/my%20page', { content: 'y', revision: put.revision })).body;
    expect(await message()).toBe('[api] Update: my page');
    await call('PATCH', '/pages/MY%20page', { revision: updated.revision, old_string: 'y', new_string: 'z' });
    expect(await message()).toBe('[api] Edit: MY page');
    await call('POST', '/pages/my%20page/attachments', { filename: 'My File.txt', content: '' });
    expect(await message()).toBe('[api] Attach: My_File.txt');
    await call('DELETE', '/pages/my%20page/attachments/My%20File.txt');
    expect(await message()).toBe('[api] Delete attachment: My_File.txt');
    await call('POST', '/pages/my%20page/rename', { new_path: 'Other' });
    expect(await message()).toBe('[api] Rename: my page -> Other');
    await call('DELETE', '/pages/Other');
    expect(await message()).toBe('[api] Delete: Other');
  });

  test('are used as they are when they are given', async () => {
    const { call, message } = await messages();
    await call('PUT', '/pages/a', { content: 'x', commit_message: 'My message' });
    expect(await message()).toBe('My message');
    await call('DELETE', '/pages/a', { commit_message: 'Gone\n  second line  \n' });
    expect(await message()).toBe('Gone\nsecond line');
  });

  test.each(['', null])('%j is none', async commit_message => {
    const { call, message } = await messages();
    await call('PUT', '/pages/a', { content: 'x', commit_message });
    expect(await message()).toBe('[api] Create: a');
  });
});
