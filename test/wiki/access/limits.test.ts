import { describe, expect, it } from 'vitest';
import type { Written } from '../../../src/wiki/wiki.ts';
import { type RuledWiki, refusal, ruledWiki } from './access-support.ts';

const MEBIBYTE = 1024 * 1024;

async function fullWiki(): Promise<RuledWiki> {
  const made = await ruledWiki({ limits: { pages: 3 } });
  await made.commit({
    'one.md': 'one',
    'two.md': 'two [[One]]',
    'three.md': 'three',
    'one/pic.png': 'picture',
  });
  return made;
}

describe('at the limit of pages', () => {
  it('a new page is refused, whoever asks', async () => {
    const { as, files } = await fullWiki();
    for (const standing of ['approved', 'admin', 'operator'] as const) {
      const error = await refusal(as({ standing }).putPage({ path: 'four', content: 'x' }));
      expect(error.code).toBe('quota_pages');
      expect(error.message).toBe('Page limit reached (3 pages)');
      expect(error.data).toEqual({ limit: 3, used: 3 });
    }
    const tried = as().putPage({ path: 'four', content: 'x' }, { dryRun: true });
    expect((await refusal(tried)).code).toBe('quota_pages');
    expect(await files()).toHaveLength(4);
  });

  it('pages can be edited, moved, removed and restored in the place of others', async () => {
    const { as, put, commit, files, repository } = await fullWiki();
    const head = (await repository.view()).head ?? '';
    await put('one', 'one again');
    await as().putAttachment({ path: 'one', filename: 'a.png', content: 'eA==' });
    await as().renamePage({ path: 'one', newPath: 'uno' });
    await as().deletePage({ path: 'uno' });
    await as().putPage({ path: 'four', content: 'x' });
    expect((await refusal(as().restorePage({ path: 'one', to: head }))).code).toBe('quota_pages');
    await commit({ 'four.md': null });
    await as().restorePage({ path: 'one', to: head });
    expect((await files()).filter(path => path.endsWith('.md'))).toHaveLength(3);
  });

  it('a batch counts as a whole', async () => {
    const { as } = await fullWiki();
    const swap = await as().batch([
      { op: 'put', path: 'four', content: 'x' },
      { op: 'delete', path: 'one' },
    ]);
    expect(swap.body.results).toHaveLength(2);
    const more = as().batch([
      { op: 'delete', path: 'two' },
      { op: 'put', path: 'five', content: 'x' },
      { op: 'put', path: 'six', content: 'x' },
    ]);
    expect((await refusal(more)).code).toBe('quota_pages');
  });

  it('of pages created at the same time as many land as there is room for', async () => {
    const { as, files } = await ruledWiki({ limits: { pages: 5 } });
    const codes = await Promise.all(
      Array.from({ length: 12 }, (_, index) =>
        as()
          .putPage({ path: `page${index}`, content: 'x' })
          .then(
            () => 'created',
            error => error.code,
          ),
      ),
    );
    expect(codes.filter(code => code === 'created')).toHaveLength(5);
    expect(codes.filter(code => code === 'quota_pages')).toHaveLength(7);
    expect(await files()).toHaveLength(5);
  });
});

describe('at the limit of bytes', () => {
  it('what adds content is refused, removing and moving are not', async () => {
    const { as, setPolicy, commit } = await ruledWiki({});
    await commit({ 'one.md': 'one', 'two.md': 'two' });
    await setPolicy({ limits: { bytes: 1 } });
    const wiki = as();
    const calls: (() => Promise<unknown>)[] = [
      () => wiki.putPage({ path: 'three', content: 'x' }),
      () => wiki.patchPage({ path: 'one', oldString: 'one', newString: 'x', ifMatch: '*' }),
      () => wiki.putAttachment({ path: 'one', filename: 'a.png', content: 'eA==' }),
      () => wiki.prepareUpload({ path: 'one', filename: 'a.png', size: 1, sha256: 'a'.repeat(64) }),
      () => wiki.attachStream({ path: 'one', filename: 'a.png', size: 1, content: never() }),
    ];
    for (const call of calls) {
      const error = await refusal(call());
      expect(error.code).toBe('quota_bytes');
      expect(error.message).toBe('Wiki quota exceeded (1 bytes limit)');
    }
    await wiki.renamePage({ path: 'one', newPath: 'uno' });
    await wiki.deletePage({ path: 'two' });
  });

  it('a content is refused that has no room, before it is taken in', async () => {
    const { as, setPolicy, put } = await ruledWiki({});
    await put('page', 'x');
    await setPolicy({ limits: { bytes: 50 * MEBIBYTE } });
    const wiki = as();
    const target = { path: 'page', filename: 'a.bin' };
    await wiki.putAttachment({ ...target, content: Buffer.alloc(MEBIBYTE, 'x') });
    const error = await refusal(wiki.attachStream({ ...target, size: 50 * MEBIBYTE, content: never() }));
    expect(error.message).toBe('Wiki quota exceeded (50MB limit)');
  });
});

/** A content that nobody may ask for. */
// biome-ignore lint/correctness/useYield: it must not come to that
async function* never(): AsyncGenerator<Uint8Array> {
  throw new Error('The content was asked for');
}

describe('the message of a commit', () => {
  const NOW = Date.UTC(2026, 1, 3, 4, 5, 6);

  it('must be given where the wiki wants one', async () => {
    const { as, messages } = await ruledWiki({ preferences: { commitMessage: 'REQUIRED' } });
    const write = (commitMessage?: string, dryRun = false): Promise<Written<object>> =>
      as().putPage(
        { path: 'page', content: 'x' },
        { dryRun, ...(commitMessage === undefined ? {} : { commitMessage }) },
      );
    expect((await refusal(write())).code).toBe('commit_message_required');
    expect((await refusal(write('  '))).code).toBe('commit_message_required');
    expect((await refusal(write(undefined, true))).code).toBe('commit_message_required');
    await write('a reason');
    await as().putPage({ path: 'page', content: 'x', ifMatch: '*' });
    expect(await messages()).toEqual(['a reason']);
  });

  it('is not used where the wiki wants none', async () => {
    const { as, messages } = await ruledWiki({ preferences: { commitMessage: 'DISABLED' } });
    await as().putPage({ path: 'page', content: 'x' }, { commitMessage: 'a reason' });
    expect(await messages()).toEqual(['[api] Create: page']);
  });

  it('follows the template of the wiki where none is given', async () => {
    const { as, messages, repository } = await ruledWiki({
      preferences: { defaultCommitMessage: '%P was changed in %Y' },
    });
    const year = new Date().getUTCFullYear();
    await as().putPage({ path: 'docs/page', content: 'x' });
    await as().renamePage({ path: 'docs/page', newPath: 'docs/other' });
    await as().putPage({ path: 'last', content: 'x' }, { commitMessage: 'a reason' });
    await as().revert((await repository.view()).head ?? '');
    const [revert, ...rest] = await messages();
    expect(rest).toEqual([
      'a reason',
      `Docs/Other was changed in ${year}`,
      `Docs/Page was changed in ${year}`,
    ]);
    expect(revert).toMatch(/^Last was changed in \d{4}\n\nThis reverts commit [0-9a-f]{40}\.$/);
  });

  it('has the codes of strftime for the time in UTC', async () => {
    const { defaultMessage } = await import('../../../src/wiki/bound/default-message.ts');
    const message = (template: string) => defaultMessage(template, { subject: 'Page', summary: '' }, NOW);
    expect(message('%P %Y-%m-%d %H:%M:%S %F %T %R')).toBe(
      'Page 2026-02-03 04:05:06 2026-02-03 04:05:06 04:05',
    );
    expect(message('%a %A %b %B %e %j %y %I %p %D')).toBe(
      'Tue Tuesday Feb February  3 034 26 04 AM 02/03/26',
    );
    expect(message('%s %z %Z 100%% %Q %')).toBe(`${NOW / 1000} +0000 UTC 100% %Q %`);
    expect(message('$& %P')).toBe('$& Page');
  });
});
