import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { freshService } from '../integration/round-trips-support.ts';
import { commitFiles } from '../support/repository.ts';

test('of a very large page the beginning is searched, in whole lines', async () => {
  const data = mkdtempSync(join(tmpdir(), 'kittiwake-search-'));
  onTestFinished(() => rmSync(data, { recursive: true, force: true }));
  const { service } = freshService({ KITTIWAKE_DATA: data, KITTIWAKE_API_KEY: 'key' });
  onTestFinished(() => service.close());
  await service.createWiki();
  const line = `${'x'.repeat(1022)}é\n`;
  const page = `gull\n${line.repeat(17 << 10)}tern\n`;
  await commitFiles(await service.repository(), { 'large.md': page, 'small.md': 'tern\n' });
  const { search } = await service.search();
  const found = async (query: string) =>
    (await search(query, { offset: 0, limit: 9 })).results.map(({ path }) => path);
  expect([await found('gull'), await found('tern')]).toEqual([['Large'], ['Small']]);
});
