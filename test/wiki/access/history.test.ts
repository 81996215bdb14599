import { describe, expect, it } from 'vitest';
import { purgeHistory } from '../../../src/git/purge/purge.ts';
import { craftHistory } from '../crafted-history.ts';
import { refusal, ruledWiki } from './access-support.ts';

const LONG = Array.from({ length: 20 }, (_, i) => `line ${i} of a page that is long enough`).join('\n');

const secretWiki = () => ruledWiki({ rules: [{ path: 'secret', read: ['group:staff'] }] });

describe('the changelog of a caller who may not read everything', () => {
  it('leaves out commits to hidden pages, and counts without them', async () => {
    const { as, commit } = await secretWiki();
    for (let index = 0; index < 4; index += 1) {
      await commit({ [`page${index}.md`]: 'x' }, `open ${index}`);
      await commit({ [`secret/page${index}.md`]: 'x' }, `hidden ${index}`);
    }
    const messages: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await as().changelog({ limit: 3, ...(cursor === undefined ? {} : { cursor }) });
      expect(page.total).toBe(page.entries.length);
      messages.push(...page.entries.map(({ message }) => message));
      cursor = page.next_cursor;
    } while (cursor !== undefined);
    expect(messages).toEqual(['open 3', 'open 2', 'open 1', 'open 0']);
    expect((await as({ names: ['group:staff'] }).changelog()).total).toBe(8);
  });

  it('shows of a commit to both neither the hidden pages nor the message', async () => {
    const { as, commit } = await secretWiki();
    await commit({ 'open.md': 'x', 'secret/plan.md': 'x', 'secret/pic.png': 'x' }, 'tells of the plan');
    const [entry] = (await as().changelog()).entries;
    expect(entry?.pages_affected).toEqual(['Open']);
    expect(entry?.message).not.toContain('plan');
    expect((await as().readPage('open')).body.last_commit?.message).not.toContain('plan');
    const [whole] = (await as({ names: ['group:staff'] }).changelog()).entries;
    expect(whole?.pages_affected).toEqual(['Open', 'Secret/Plan']);
    expect(whole?.message).toBe('tells of the plan');
  });

  it('shows no message of a merge, which may have brought hidden pages in', async () => {
    const { as, repository, commit, setPolicy } = await ruledWiki({});
    const { merge } = await craftHistory({ repository, commit });
    await setPolicy({ rules: [{ path: 'right', read: ['group:staff'] }] });
    const messageOf = async (names: string[]) =>
      (await as({ names }).changelog()).entries.find(({ revision }) => revision === merge)?.message;
    expect(await messageOf([])).toBe('(not shown)');
    expect(await messageOf(['group:staff'])).toBe('(not shown)');
    const { entries } = await as({ standing: 'admin' }).changelog();
    expect(entries.find(({ revision }) => revision === merge)?.message).toBe('merge');
    expect((await as().readPage('left', { revision: merge })).body.content).toBe('L');
    expect((await refusal(as().readPage('right', { revision: merge }))).code).toBe('page_not_found');
  });

  it('shows no message of a commit that a purge has emptied: it may be about a hidden page', async () => {
    const { as, repository, commit } = await secretWiki();
    await commit({ 'open.md': 'x' }, 'opens');
    await commit({ 'secret/plan.md': 'y' }, 'tells of the plan');
    await purgeHistory(repository, { paths: ['secret/plan.md'], blobs: [] });
    const { entries } = await as().changelog();
    expect(entries.map(({ message }) => message)).toEqual(['(not shown)', 'opens']);
  });

  it('shows a page that comes from a hidden one as a new page', async () => {
    const { as, put, wiki } = await secretWiki();
    await put('secret/plan', LONG);
    await put('secret/plan', `${LONG}\nmore`);
    await wiki.renamePage({ path: 'secret/plan', newPath: 'plan' });
    const [entry] = (await as().changelog()).entries;
    expect(entry?.pages_affected).toEqual(['Plan']);
    expect(JSON.stringify(entry)).not.toMatch(/secret/i);
    const { history } = await as().pageHistory('plan');
    expect(history).toHaveLength(1);
    expect(JSON.stringify(history)).not.toMatch(/secret/i);
    expect((await wiki.pageHistory('plan')).history).toHaveLength(3);
  });

  it('shows a page that became hidden as a removed one', async () => {
    const { as, put, wiki } = await secretWiki();
    const made = await put('plan', LONG);
    await wiki.renamePage({ path: 'plan', newPath: 'secret/plan' });
    expect((await as().changelog()).entries.map(({ pages_affected }) => pages_affected)).toEqual([
      ['Plan'],
      ['Plan'],
    ]);
    expect(JSON.stringify(await as().changelog())).not.toMatch(/secret/i);
    expect((await as().readPage('plan', { revision: made })).body.content).toBe(LONG);
    expect((await refusal(as().readPage('secret/plan', { revision: 'HEAD' }))).code).toBe('page_not_found');
  });
});

describe('an older revision', () => {
  it('that is about hidden pages only is no revision', async () => {
    const { as, commit } = await secretWiki();
    await commit({ 'open.md': 'x' });
    const hidden = await commit({ 'secret/plan.md': 'x' });
    await commit({ 'open.md': 'y' });
    expect((await refusal(as().readPage('open', { revision: hidden }))).code).toBe('page_not_found');
    expect((await refusal(as().revert(hidden))).code).toBe('commit_not_found');
    expect((await as({ names: ['group:staff'] }).readPage('open', { revision: hidden })).body.content).toBe(
      'x',
    );
  });

  it('that is the newest one can be read by its name, whatever it is about', async () => {
    const { as, commit } = await secretWiki();
    await commit({ 'open.md': 'x' });
    await commit({ 'secret/plan.md': 'hidden' }, 'tells of the plan');
    const { body } = await as().readPage('open', { revision: 'HEAD' });
    expect(body.content).toBe('x');
    expect(JSON.stringify(body)).not.toContain('plan');
  });
});
