import { afterAll, expect, it } from 'vitest';
import { temporaryFolder } from '../support/cli.ts';
import { openData } from '../support/data-folder.ts';
import { runHere } from '../support/run-here.ts';

const folder = temporaryFolder();
afterAll(() => folder.remove());

it('reports are printed, as lines or as JSON', async () => {
  const data = folder.path('data');
  const env = { KITTIWAKE_DATA: data, HOME_PAGE: 'Start' };
  expect((await runHere(['wiki', 'create'], env)).code).toBe(0);
  const wiki = await openData(data).wiki();
  await wiki.putPage({ path: 'Start', content: '[[Gulls]] [[Gull]] [[Terns]]' });
  await wiki.putPage({ path: 'Gulls', content: '[[Terns]]' });
  await wiki.putPage({ path: 'Empty', content: '---\ntitle: Nothing\n---\n' });

  const print = async (...args: string[]) => (await runHere(['report', ...args], env)).out;
  expect(await print('orphaned')).toBe('Empty\tNothing\n');
  expect(await print('empty')).toBe('Empty\tNothing\n');
  expect(await print('wanted')).toBe('2\tTerns\tGulls, Start\n1\tGull\tStart\n');
  expect(await print('broken')).toBe('Gulls\t[[Terns]]\nStart\t[[Gull]]\tperhaps Gulls\nStart\t[[Terns]]\n');
  expect(JSON.parse((await print('wanted', '--json')).split('\n')[0] ?? '')).toEqual({
    path: 'Terns',
    links: 2,
    linked_from: ['Gulls', 'Start'],
  });
  const refused = await runHere(['report', 'lost'], env);
  expect(refused).toMatchObject({ code: 2, err: expect.stringContaining('orphaned, broken, wanted, empty') });
});
