import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { View } from '../../../src/git/repository.ts';
import { CommitSights } from '../../../src/wiki/bound/commit-sights.ts';
import { visibleView } from '../../../src/wiki/bound/visible-view.ts';
import { caller, permitsByRules } from '../../auth/policy/policy-support.ts';
import { ruledWiki } from './access-support.ts';
import { PAGES, principals, rules } from './random-wiki.ts';

async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const item of items) found.push(item);
  return found;
}

/** Every question about a path, or with paths in its answer. */
const QUESTIONS: Record<string, (view: View, first: string) => Promise<unknown>> = {
  file: view => view.file('secret/plan.md'),
  entry: view => view.entry('secret/plan.md'),
  folder: view => view.folder('secret'),
  files: view => view.files(''),
  'entry of an older commit': async (view, first) => (await view.at(first)).entry('secret/plan.md'),
  'folder of an older commit': async (view, first) => (await view.at(first)).folder('secret'),
  'files of an older commit': async (view, first) => (await view.at(first)).files(''),
  touches: async view => (await all(view.touches('secret/plan.md'))).map(() => 'a touch of the plan'),
  log: view => all(view.log()),
  logAfter: view => all(view.logAfter(undefined)),
  described: view => view.described(),
  sources: view => view.sources('', { prefix: true }),
  commit: (view, first) => view.commit(first),
  logEntry: (view, first) => view.logEntry(first),
  lastChange: (view, first) => view.lastChange({ commit: first }),
};

describe('a view for a caller who may not read everything', () => {
  it('answers no question with what is hidden', async () => {
    const { commit, repository, permits } = await ruledWiki({ rules: [{ path: 'secret', read: [] }] });
    const first = await commit({ 'secret/plan.md': 'x [[open]]' }, 'about secret/plan');
    await commit({ 'open.md': 'x [[secret/plan]]' }, 'open');
    const whole = await repository.view();
    const view = visibleView(whole, await permits(), new CommitSights());
    for (const [name, ask] of Object.entries(QUESTIONS)) {
      expect([name, JSON.stringify(await ask(whole, first))]).toEqual([name, expect.stringMatching(/plan/)]);
      const answer = JSON.stringify(await ask(view, first)) ?? 'nothing';
      const links = name === 'described' ? answer.replace('"links":["secret/plan"]', '') : answer;
      expect([name, links]).not.toEqual([name, expect.stringMatching(/plan/)]);
    }
  });

  it('is the view itself for who may read all, although not write', async () => {
    const sights = new CommitSights();
    const { repository, permits, setPolicy } = await ruledWiki({ rules: [{ path: 'secret', read: [] }] });
    const whole = await repository.view();
    expect(visibleView(whole, await permits({ standing: 'admin' }), sights)).toBe(whole);
    expect(visibleView(whole, await permits(), sights)).not.toBe(whole);
    await setPolicy({ rules: [{ path: 'fixed', write: [] }] });
    expect(visibleView(whole, await permits(), sights)).toBe(whole);
    const scope = { rights: ['read' as const], prefix: 'docs' };
    expect(visibleView(whole, await permits({ standing: 'operator', scope }), sights)).not.toBe(whole);
  });

  it('is said to hide nothing only where every path can be read', () => {
    fc.assert(
      fc.property(rules, principals, fc.constantFrom(...PAGES), (policyRules, principal, page) => {
        const permits = permitsByRules(caller(principal), policyRules);
        fc.pre(permits.readsAll);
        return permits.may('read', `${page}.md`);
      }),
    );
  });
});
