import { dirname } from 'node:path';
import { expect, it } from 'vitest';
import { purgeHistory } from '../../src/git/purge/purge.ts';
import { filesThatTell } from '../git/purge-support.ts';
import { commitFiles } from '../support/repository.ts';
import { found, newWiki, openIndex, temporaryFile } from './search-support.ts';

const TEXT = 'the password is Schlossgespenst';

it('an index that knew purged contents is made anew, and its file holds nothing of them', async () => {
  const wiki = await newWiki();
  const file = temporaryFile('pages.sqlite');
  const index = openIndex({ file });
  await commitFiles(wiki, { 'a.md': 'about castles' });
  await commitFiles(wiki, { 'secret.md': TEXT });
  await commitFiles(wiki, { 'secret.md': 'castles too' });
  await commitFiles(wiki, { 'copy.md': TEXT });
  expect(await found(index, wiki, 'Schlossgespenst')).toEqual(['copy.md']);
  expect(await filesThatTell(dirname(file), 'Schlossgespenst')).not.toEqual([]);
  await purgeHistory(wiki, { paths: ['secret.md'], blobs: [] });
  expect(await found(index, wiki, 'Schlossgespenst')).toEqual([]);
  expect(await found(index, wiki, 'castles')).toEqual(['a.md']);
  expect(await filesThatTell(dirname(file), 'Schlossgespenst')).toEqual([]);
});

it('an index that ends before the contents came is kept', async () => {
  const wiki = await newWiki();
  const index = openIndex();
  await commitFiles(wiki, { 'a.md': 'about castles' });
  expect(await found(index, wiki, 'castles')).toEqual(['a.md']);
  const before = await index.cursor();
  await commitFiles(wiki, { 'secret.md': TEXT });
  await purgeHistory(wiki, { paths: ['secret.md'], blobs: [] });
  expect(await (await wiki.view()).isPurged(before?.head ?? '')).toBe(false);
  expect(await found(index, wiki, 'Schlossgespenst')).toEqual([]);
  expect(await found(index, wiki, 'castles')).toEqual(['a.md']);
});
