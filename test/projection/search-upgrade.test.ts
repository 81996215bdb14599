import { symlinkSync } from 'node:fs';
import { basename } from 'node:path';
import { expect, it } from 'vitest';
import { systemRuntime } from '../../src/core/runtime.ts';
import * as pages from '../../src/db/migrations/search/0001-pages.ts';
import { openSqlite } from '../../src/db/sqlite.ts';
import { searchRanked } from '../../src/projection/ranked/search-ranked.ts';
import { commitFiles } from '../support/repository.ts';
import { newWiki, openIndex, temporaryFile } from './search-support.ts';

it('an index that a release without words made is made anew, in its place', async () => {
  const wiki = await newWiki();
  await commitFiles(wiki, { 'a.md': 'gull', 'b.md': 'tern' });
  const view = await wiki.view();
  const file = temporaryFile('pages.sqlite');
  const real = `${file}-0123456789ab`;
  const old = await openSqlite({ file: real, runtime: systemRuntime });
  await old.ensure({ name: 'search', migrations: [pages] });
  old.driver.prepare('insert into state values (1, ?, ?, ?, null)').run(view.head, view.ordinal, '');
  old.driver.prepare("insert into page values (1, 'gone.md', 'x', 'Gone', 'gull', null)").run();
  old.close();
  symlinkSync(basename(real), file);

  const index = openIndex({ file });
  const options = { displayPath: (path: string) => path, runtime: systemRuntime };
  const { results } = await searchRanked(index, view, { query: 'gull' }, options);
  expect(results.map(({ path }) => path)).toEqual(['a.md']);
  expect(await index.status()).toMatchObject({ pages: 2, repairs: 0 });
});
