import { describe, expect, test } from 'vitest';
import { openListeningWiki } from '../support/listening-wiki.ts';
import { cloneOf, emptyClone, remoteOf } from './clone.ts';

describe('git push', () => {
  test('of a first commit makes the pages of an empty wiki', async () => {
    const wiki = await openListeningWiki();
    const clone = await emptyClone(remoteOf(wiki.url));
    const commit = await clone.commit({ 'home.md': '# Home\n', 'home/plan.png': Buffer.alloc(70_000, 7) });
    const { status, err } = await clone.try('push', '-u', 'origin', 'main');
    expect([status, err]).toEqual([0, expect.stringContaining('[new branch]')]);
    expect(await wiki.head()).toBe(commit);
    expect(await wiki.text('home')).toBe('# Home\n');
    const { body } = await wiki.call('GET', '/pages/home/attachments');
    expect(body.attachments).toMatchObject([{ filename: 'plan.png', size: 70_000 }]);
  });

  test('brings edits, new pages, moves and removals, each commit as it was made', async () => {
    const wiki = await openListeningWiki();
    for (const name of ['a', 'b', 'docs/c']) await wiki.write(name, `# ${name}\n\ntext\n`);
    const clone = await cloneOf(remoteOf(wiki.url));
    await clone.commit({ 'a.md': '# a\n\nchanged\n' }, 'First');
    await clone.commit({ 'b.md': null, 'docs/d.md': '[[A]]\n' }, 'Second');
    const third = await clone.commit({ 'docs/c.md': null, 'docs/moved.md': '# docs/c\n\ntext\n' }, 'Third');
    await clone.git('push', '--quiet');
    expect(await wiki.head()).toBe(third);
    expect(await wiki.text('a')).toBe('# a\n\nchanged\n');
    expect(await wiki.text('b')).toBeUndefined();
    expect((await wiki.call('GET', '/links/a')).body.linked_from).toEqual(['Docs/D']);
    const { entries } = (await wiki.call('GET', '/changelog')).body;
    const brought = entries
      .slice(0, 3)
      .map(({ message, author }: Record<string, string>) => [message, author]);
    expect(brought).toEqual([
      ['Third', 'Ann'],
      ['Second', 'Ann'],
      ['First', 'Ann'],
    ]);
    const { history } = (await wiki.call('GET', '/pages/docs/moved/history')).body;
    expect(history.map(({ message }: { message: string }) => message)).toEqual([
      'Third',
      '[api] Create: docs/c',
    ]);
    const { events } = (await wiki.call('GET', '/changes?since=start')).body;
    const told = events
      .slice(-4)
      .map((event: Record<string, string>) => `${event.type} ${event.path}: ${event.message}`);
    expect(told).toEqual([
      'page_updated a: First',
      'page_deleted b: Second',
      'page_created docs/d: Second',
      'page_renamed docs/moved: Third',
    ]);
    const { results } = (await wiki.call('GET', '/search?q=changed')).body;
    expect(results).toMatchObject([{ path: 'A' }]);
  });

  test('takes turns with writes of the API, in clones that merge', async () => {
    const wiki = await openListeningWiki();
    await wiki.write('a', 'one\n');
    const clone = await cloneOf(remoteOf(wiki.url));
    await clone.commit({ 'mine.md': 'mine\n' });
    await wiki.write('theirs', 'theirs\n');
    const early = await clone.try('push');
    expect([early.status, early.err]).toEqual([1, expect.stringContaining('fetch first')]);
    await clone.git('pull', '--quiet', '--no-rebase', '--no-edit');
    await clone.git('push', '--quiet');
    await wiki.write('a', 'two\n');
    await clone.git('pull', '--quiet', '--rebase');
    await clone.commit({ 'a.md': 'three\n' });
    await clone.git('push', '--quiet');
    for (const [page, text] of Object.entries({ a: 'three\n', mine: 'mine\n', theirs: 'theirs\n' }))
      expect(await wiki.text(page)).toBe(text);
    expect(await clone.git('rev-parse', 'HEAD')).toBe(await wiki.head());
    expect((await clone.try('push')).err).toContain('Everything up-to-date');
  });
});
