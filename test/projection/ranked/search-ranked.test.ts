import { describe, expect, it } from 'vitest';
import { systemRuntime } from '../../../src/core/runtime.ts';
import type { LedgerRepository } from '../../../src/git/open.ts';
import { searchRanked } from '../../../src/projection/ranked/search-ranked.ts';
import type { SearchIndex } from '../../../src/projection/search-index.ts';
import { commitFiles } from '../../support/repository.ts';
import { newWiki, openIndex } from '../search-support.ts';

async function ask(
  index: SearchIndex,
  wiki: LedgerRepository,
  query: string,
  more: { limit?: number; cursor?: string | undefined; hidden?: string[] } = {},
) {
  const { hidden, ...range } = more;
  return await searchRanked(
    index,
    await wiki.view(),
    { query, ...range },
    {
      displayPath: path => path,
      runtime: systemRuntime,
      readable: hidden && (() => path => !hidden.includes(path)),
    },
  );
}

const paths = ({ results }: { results: { path: string }[] }) => results.map(({ path }) => path);

describe('searchRanked', () => {
  it('puts what stands in names and headings, or often, before what is mentioned', async () => {
    const [wiki, index] = [await newWiki(), openIndex()];
    await commitFiles(wiki, {
      'mentioned.md': `A gull among ${'other '.repeat(20)}`,
      'often.md': `gull gull gull ${'other '.repeat(17)}`,
      'heading.md': `# The gull\n${'other '.repeat(20)}`,
      'gull.md': 'other '.repeat(20),
      'tern.md': 'other',
    });
    const answer = await ask(index, wiki, 'gull');
    expect(paths(answer)).toEqual(['gull.md', 'heading.md', 'often.md', 'mentioned.md']);
    expect(answer.total).toBe(4);
  });

  it('weighs words the more the rarer they are', async () => {
    const [wiki, index] = [await newWiki(), openIndex()];
    await commitFiles(wiki, {
      'a.md': 'sea sea sea',
      'b.md': 'ptarmigan',
      'c.md': 'sea',
      'd.md': 'sea',
      'e.md': 'sea',
    });
    expect(paths(await ask(index, wiki, 'sea OR ptarmigan'))[0]).toBe('b.md');
  });

  it('finds words whatever their accents and case, and parts of Chinese and Japanese sentences', async () => {
    const [wiki, index] = [await newWiki(), openIndex()];
    await commitFiles(wiki, { 'a.md': 'Crème BRÛLÉE', 'b.md': '私は東京にいる', 'c.md': '京東' });
    expect(paths(await ask(index, wiki, 'creme brulee'))).toEqual(['a.md']);
    expect(paths(await ask(index, wiki, '東京'))).toEqual(['b.md']);
    expect(paths(await ask(index, wiki, '東'))).toEqual(['c.md', 'b.md']);
  });

  it('shows where it found what, without marks in the text', async () => {
    const [wiki, index] = [await newWiki(), openIndex()];
    const body = `${'x '.repeat(100)}the Sea-Gull flies${' x'.repeat(400)} a tern and a gull`;
    await commitFiles(wiki, { 'gull.md': body });
    const [result] = (await ask(index, wiki, '"sea gull" OR tern OR gull -puffin')).results;
    const shown = result?.highlights.map(({ field, text, ranges }) => ({
      field,
      found: ranges.map(([start, end]) => text.slice(start, end)),
    }));
    expect(shown).toEqual([
      { field: 'title', found: ['Gull'] },
      { field: 'body', found: ['Sea-Gull'] },
      { field: 'body', found: ['tern', 'gull'] },
    ]);
  });

  it('shows the beginning of a page in whose text nothing was sought', async () => {
    const [wiki, index] = [await newWiki(), openIndex()];
    await commitFiles(wiki, { 'gull.md': 'A bird' });
    const [result] = (await ask(index, wiki, 'title:gull')).results;
    expect(result?.highlights.at(-1)).toEqual({ field: 'body', text: 'A bird', ranges: [] });
  });

  it('pages on without skips and repeats while others change what is not shown yet or was', async () => {
    const [wiki, index] = [await newWiki(), openIndex({ maxPending: 2 })];
    const names = Array.from({ length: 12 }, (_, at) => `p${String(at).padStart(2, '0')}.md`);
    await commitFiles(
      wiki,
      Object.fromEntries(names.map((name, at) => [name, `${'gull '.repeat(1 + (at % 4))}sea`])),
    );
    const whole = paths(await ask(index, wiki, 'gull', { limit: 100 }));
    const seen: string[] = [];
    let cursor: string | undefined;
    for (let turn = 0; turn < 4; turn += 1) {
      const answer = await ask(index, wiki, 'gull', { limit: 3, cursor });
      seen.push(...paths(answer));
      cursor = answer.nextCursor;
      await commitFiles(wiki, {
        [`new${turn}.md`]: `${'puffin '.repeat(50)}`,
        [`hit${turn}.md`]: 'gull '.repeat(200),
      });
    }
    expect(seen).toEqual(whole);
    expect(cursor).toBeUndefined();
  });

  it('refuses cursors that are not its own, or of another query', async () => {
    const [wiki, index] = [await newWiki(), openIndex()];
    await commitFiles(wiki, { 'a.md': 'gull', 'b.md': 'gull' });
    const { nextCursor } = await ask(index, wiki, 'gull', { limit: 1 });
    const bad = ['x', 'W10', Buffer.from('[1,"x",1,1,[1],1,"a"]').toString('base64url')];
    for (const cursor of bad) await expectInvalid(ask(index, wiki, 'gull', { cursor }));
    await expectInvalid(ask(index, wiki, 'tern', { cursor: nextCursor }));
  });

  it('ranks as if hidden pages were not there', async () => {
    const [wiki, index] = [await newWiki(), openIndex()];
    const visible = { 'a.md': 'gull tern tern', 'b.md': 'gull gull', 'c.md': 'sea' };
    await commitFiles(wiki, visible);
    const before = await ask(index, wiki, 'gull OR tern');
    const hidden = Array.from({ length: 30 }, (_, at) => `h${at}.md`);
    await commitFiles(wiki, Object.fromEntries(hidden.map(path => [path, 'tern '.repeat(90)])));
    expect(await ask(index, wiki, 'gull OR tern', { hidden })).toEqual(before);
  });
});

async function expectInvalid(answer: Promise<unknown>): Promise<void> {
  await expect(answer).rejects.toThrow(expect.objectContaining({ code: 'cursor_invalid' }));
}
