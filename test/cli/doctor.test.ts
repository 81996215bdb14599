import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { kittiwake } from '../support/cli.ts';
import { createData, filesBelow } from '../support/data-folder.ts';
import { temporaryFolder } from '../support/git-command.ts';
import { commitFiles } from '../support/repository.ts';

/** A wiki with a page in a pack and one in its journal. */
async function prepare(): Promise<string> {
  const data = temporaryFolder();
  const repository = await createData(data);
  await commitFiles(repository, { 'old.md': 'old text' });
  await repository.flusher.flush();
  await commitFiles(repository, { 'new.md': 'new text' });
  return data;
}

/** Writes over bytes 20 to 30 of the one file that ends so. */
function damage(data: string, ending: string): void {
  const file = join(data, Object.keys(filesBelow(data)).find(path => path.endsWith(ending)) ?? '');
  writeFileSync(file, readFileSync(file).fill(0x55, 20, 30));
}

it('doctor says that a damaged map can be made anew, and --repair does it', async () => {
  const data = await prepare();
  damage(data, '.map');
  const before = filesBelow(data);
  const found = await kittiwake(['doctor', '--data', data]);
  expect([found.code, found.out]).toEqual([1, expect.stringContaining('(map_corrupt)')]);
  expect(found.out).toContain('"kittiwake doctor --repair" makes them anew');
  expect(filesBelow(data)).toEqual(before);

  const repaired = await kittiwake(['doctor', '--repair', '--data', data]);
  expect(repaired.out).toMatch(
    /\nRepaired: one map of 1 commits, \d+ bytes beside "pack-[0-9a-f]{32}", in place of 1 maps\n2 commits, 2 files, .*\nSound\n$/,
  );
  expect(repaired.code).toBe(0);
  const again = await kittiwake(['doctor', '--repair', '--data', data]);
  expect([again.code, again.out]).toEqual([0, expect.not.stringContaining('Repaired')]);
});

it('doctor --repair leaves a wiki alone whose packs are damaged', async () => {
  const data = await prepare();
  damage(data, '.map');
  damage(data, '.pack');
  const before = filesBelow(data);
  const { code, out } = await kittiwake(['doctor', '--repair', '--data', data]);
  expect([code, out]).toEqual([1, expect.stringContaining('(pack_corrupt)')]);
  expect(out).not.toContain('epair');
  expect(filesBelow(data)).toEqual(before);
});

it('gc says why it drops nothing of a damaged wiki', async () => {
  const data = await prepare();
  damage(data, '.pack');
  const { code, out } = await kittiwake(['gc', '--data', data]);
  expect([code, out]).toEqual([
    0,
    expect.stringMatching(
      / 0 unreachable objects dropped\nNo unreachable objects were dropped: the wiki is damaged: .*\.pack"/,
    ),
  ]);
});
