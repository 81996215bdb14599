import { describe, expect, test } from 'vitest';
import { openWiki, REVISION, refusal } from '../harness.ts';

/** Contract section 6. */

async function renamed(linker: string, newPath = 'New-Target') {
  const { call, write, text } = await openWiki();
  await write('target', 'x');
  await write('linker', linker);
  const answer = await call('POST', '/pages/Target/rename', { new_path: newPath });
  return { answer, linker: await text('linker') };
}

describe('POST /pages/<path>/rename (6)', () => {
  test('moves the page and rewrites the links to it in one commit', async () => {
    const { call, write } = await openWiki();
    await write('Old-Name', 'self [[Old-Name]]');
    await write('linker', 'see [[Old-Name]]');
    const { status, body } = await call('POST', '/pages/old-name/rename', { new_path: 'New-Name' });
    expect([status, body]).toEqual([
      200,
      {
        new_path: 'New-Name',
        old_path: 'Old-Name',
        revision: expect.stringMatching(REVISION),
        updated_pages: ['Linker', 'New-Name'],
      },
    ]);
    const linker = (await call('GET', '/pages/linker')).body;
    expect([linker.content, linker.revision]).toEqual(['see [[New-Name]]', body.revision]);
    expect((await call('GET', '/pages/new-name')).body.content).toBe('self [[New-Name]]');
    expect((await call('GET', '/pages/old-name')).status).toBe(404);
  });

  test('a source that is not there comes first', async () => {
    const { call } = await openWiki();
    for (const body of [undefined, {}, { new_path: '' }, { new_path: 'x' }]) {
      expect(refusal(await call('POST', '/pages/Nope/rename', body))).toEqual([404, 'Page not found: Nope']);
    }
  });

  test('then the body', async () => {
    const { call, write } = await openWiki();
    await write('a', 'x');
    await write('b', 'y');
    const rename = async (body?: unknown) => refusal(await call('POST', '/pages/a/rename', body));
    const missing = [422, "Request body must include 'new_path' field"];
    expect(await rename()).toEqual(missing);
    expect(await rename({})).toEqual(missing);
    expect(await rename({ new_path: null })).toEqual(missing);
    expect(await rename('{')).toEqual(missing);
    expect(await rename({ new_path: '' })).toEqual([422, 'new_path must not be empty']);
    expect(await rename({ new_path: '  ' })).toEqual([422, 'new_path must not be empty']);
    expect(await rename({ new_path: 'A' })).toEqual([422, 'new_path is the same as the current path']);
    expect(await rename({ new_path: '/a.md' })).toEqual([422, 'new_path is the same as the current path']);
    expect(await rename({ new_path: 'B' })).toEqual([409, 'A page already exists at: B']);
  });

  test.each([
    ['[[Target]]', '[[New-Target]]'],
    ['[[Some text|target]]', '[[Some text|New-Target]]'],
    ['[[Target#anchor]]', '[[New-Target#anchor]]'],
    ['[[Targets]] and [[Other]]', '[[Targets]] and [[Other]]'],
    ['[text](/Target)', '[text](/New-Target)'],
    ['`[[Target]]`', '`[[Target]]`'],
    ['```\n[[Target]]\n```\n', '```\n[[Target]]\n```\n'],
  ])('rewrites %j', async (before, after) => {
    expect((await renamed(before)).linker).toBe(after);
  });

  test('with the link on the left', async () => {
    const { call, write, text } = await openWiki({ WIKILINK_STYLE: 'LINK_TITLE' });
    await write('target', 'x');
    await write('linker', '[[Target|Text]] [[Text|Target]]');
    await call('POST', '/pages/target/rename', { new_path: 'new' });
    expect(await text('linker')).toBe('[[New|Text]] [[Text|Target]]');
  });

  test('takes attachments and sub-pages along', async () => {
    const { call, write, text } = await openWiki();
    await write('a', '[file](/a/f.txt)');
    await write('a/sub', 'y');
    await write('linker', '[[a/sub]]');
    await call('POST', '/pages/a/attachments', { filename: 'f.txt', content: 'eA==' });
    await call('POST', '/pages/a/rename', { new_path: 'b/c' });
    expect(await text('b/c/sub')).toBe('y');
    expect(await text('a/sub')).toBeUndefined();
    expect((await call('GET', '/pages/b/c/attachments')).body.total).toBe(1);
    expect(await text('linker')).toBe('[[B/C/Sub]]');
  });

  test('history follows', async () => {
    const { call, write } = await openWiki();
    const first = await write('a', 'some text that stays');
    await call('POST', '/pages/a/rename', { new_path: 'b' });
    const { body } = await call('GET', '/pages/b/history');
    expect(body.history).toHaveLength(2);
    expect(body.history[1].revision).toBe(first);
  });

  test('an optional revision', async () => {
    const { call, write } = await openWiki();
    const old = await write('a', 'x');
    const current = await write('a', 'y');
    const stale = await call('POST', '/pages/a/rename', { new_path: 'b', revision: old });
    expect([stale.status, stale.body.current_revision]).toEqual([409, current]);
    expect((await call('POST', '/pages/a/rename', { new_path: 'b', revision: current })).status).toBe(200);
  });
});
