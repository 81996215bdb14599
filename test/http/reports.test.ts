import { describe, expect, test } from 'vitest';
import { openWiki } from './harness.ts';

describe('GET /api/v1/reports/{report}', () => {
  test('names pages that no other page links to, but the first one', async () => {
    const wiki = await openWiki({ HOME_PAGE: 'docs' });
    await wiki.write('Home', '[[Home]] [me](/home)');
    await wiki.write('Docs', '[intro](./docs/intro.md#top) ![](Docs/Guide)');
    await wiki.write('Docs/Intro', '[up](../docs) [next](guide)');
    await wiki.write('Docs/Guide', '---\ntitle: The guide\n---\n`[[Alone]]`');
    await wiki.write('Alone', '');
    const { status, body } = await wiki.call('GET', '/reports/orphaned');
    expect([status, body]).toEqual([
      200,
      {
        report: 'orphaned',
        pages: [
          { path: 'Alone', name: 'Alone' },
          { path: 'Home', name: 'Home' },
        ],
        total: 2,
      },
    ]);
    expect((await wiki.call('GET', '/reports/empty')).body.pages).toEqual([{ path: 'Alone', name: 'Alone' }]);
  });

  test('names links that lead nowhere, with the page that was perhaps meant', async () => {
    const wiki = await openWiki();
    await wiki.write('Docs/Setup', 'here');
    await wiki.call('POST', '/pages/Docs/Setup/attachments', { filename: 'plan.png', content: 'eA==' });
    await wiki.write(
      'Home',
      [
        '[[Docs/Setpu]] [[Sea Birds|Birds]] [s](docs/setup#part) [[docs/SETUP]] [s](/other/setup "x")',
        '![](docs/setup/plan.png) ![](docs/setup/none.png) [out](../../x) [w](https://example.org/none) [c](/-/changelog)',
      ].join('\n'),
    );
    const { body } = await wiki.call('GET', '/reports/broken-links');
    expect(body).toEqual({
      report: 'broken-links',
      pages: [
        {
          path: 'Home',
          name: 'Home',
          links: [
            { link: '[[Docs/Setpu]]', target: 'Docs/Setpu', suggestion: 'Docs/Setup' },
            { link: '[[Sea Birds|Birds]]', target: 'Birds', suggestion: null },
            { link: '/other/setup', target: 'Other/Setup', suggestion: 'Docs/Setup' },
            { link: 'docs/setup/none.png', target: 'Docs/Setup/None.Png', suggestion: null },
            { link: '../../x', target: null, suggestion: null },
          ],
          total: 5,
        },
      ],
      total: 1,
    });
  });

  test('names the pages that are not there, those first that most pages link to, a part at a time', async () => {
    const wiki = await openWiki();
    await wiki.write('A', '[[Two]] [[Three]] [p](picture.png)');
    await wiki.write('B', '[[Two]] [[two]] [t](/three) [[One]]');
    await wiki.write('C', '[three](Three)');
    const first = await wiki.call('GET', '/reports/wanted?limit=2');
    expect(first.body).toMatchObject({
      pages: [
        { path: 'Three', links: 3, linked_from: ['A', 'B', 'C'] },
        { path: 'Two', links: 2, linked_from: ['A', 'B'] },
      ],
      total: 3,
    });
    const second = await wiki.call('GET', `/reports/wanted?limit=2&cursor=${first.body.next_cursor}`);
    expect(second.body).toEqual({
      report: 'wanted',
      pages: [{ path: 'One', links: 1, linked_from: ['B'] }],
      total: 3,
    });
  });

  test('says which reports there are', async () => {
    const wiki = await openWiki();
    const { status, body } = await wiki.call('GET', '/reports/lost');
    expect([status, body.error]).toEqual([
      404,
      'Reporting: there is no report "lost", there are orphaned, broken-links, wanted, empty',
    ]);
  });

  test('keeps the case of names where the wiki does', async () => {
    const wiki = await openWiki({ RETAIN_PAGE_NAME_CASE: 'true' });
    await wiki.write('Home', '[[NewPage]] [[home]]');
    expect((await wiki.call('GET', '/reports/wanted')).body.pages).toEqual([
      { path: 'NewPage', links: 1, linked_from: ['Home'] },
    ]);
  });
});
