import { describe, expect, it } from 'vitest';
import type { Principal } from '../../../src/auth/principal.ts';
import type { SearchAnswer } from '../../../src/projection/search-pages.ts';
import { caller } from '../../auth/policy/policy-support.ts';
import { openIndex } from '../../projection/search-support.ts';
import { accessOf, type RuledWiki, ruledWiki } from './access-support.ts';

/** Searches as callers do; `slowly` is what happens between the choice of the view and the search. */
function searching({ repository }: RuledWiki) {
  const index = openIndex({ newestView: () => repository.view({ maxAgeMs: 0 }) });
  return async (
    query: string,
    fields: Partial<Principal> = {},
    options: { range?: { offset: number; limit: number }; slowly?: () => Promise<unknown> } = {},
  ): Promise<SearchAnswer> => {
    const view = await repository.view();
    await options.slowly?.();
    const access = accessOf(caller(fields));
    return index.search(view, query, options.range, ({ policy }) => {
      const permits = access(policy);
      return permits.all ? undefined : path => permits.may('read', path);
    });
  };
}

const HIDDEN = { rules: [{ path: 'secret', read: ['group:staff'] }] };
const STAFF = { names: ['group:staff'] };

describe('a search by a caller who may not read everything', () => {
  it('finds, counts and pages as if hidden pages were not there', async () => {
    const made = await ruledWiki(HIDDEN);
    await made.commit(
      Object.fromEntries(
        Array.from({ length: 30 }, (_, index) => [
          `${index % 3 === 0 ? 'open' : 'secret'}/page${index}.md`,
          'gull '.repeat(index + 1),
        ]),
      ),
    );
    const search = searching(made);
    expect((await search('gull', STAFF)).total).toBe(30);
    const all = await search('gull');
    expect(all.total).toBe(10);
    const parts = [];
    for (let offset = 0; offset < 10; offset += 3)
      parts.push(...(await search('gull', {}, { range: { offset, limit: 3 } })).results);
    expect(parts).toEqual(all.results);
    expect(JSON.stringify(all)).not.toMatch(/secret/i);
    expect((await search('gull', {}, { range: { offset: 10, limit: 3 } })).results).toEqual([]);
  });

  it('does not find a page that was hidden before the words were written, however old the view is', async () => {
    const made = await ruledWiki({});
    await made.put('page', 'nothing');
    const search = searching(made);
    const answer = await search(
      'gull',
      {},
      {
        slowly: async () => {
          await made.setPolicy({ rules: [{ path: 'page', read: [] }] });
          await made.put('page', 'gull');
          expect((await search('gull', { standing: 'admin' })).total).toBe(1);
        },
      },
    );
    expect(answer).toEqual({ query: 'gull', results: [], total: 0 });
  });

  it('is answered from a newer index while the policy stays', async () => {
    const made = await ruledWiki(HIDDEN);
    await made.put('page', 'gull');
    const search = searching(made);
    const answer = await search(
      'gull',
      {},
      {
        slowly: async () => {
          await made.put('later', 'gull');
          await made.put('secret/later', 'gull');
          expect((await search('gull', STAFF)).total).toBe(3);
        },
      },
    );
    expect(answer.total).toBe(2);
  });

  it('follows a change of the policy that no commit comes with', async () => {
    const made = await ruledWiki(HIDDEN);
    await made.put('secret/page', 'gull');
    const search = searching(made);
    expect((await search('gull')).total).toBe(0);
    await made.setPolicy({});
    expect((await search('gull')).total).toBe(1);
    await made.setPolicy(HIDDEN);
    expect((await search('gull')).total).toBe(0);
  });
});
