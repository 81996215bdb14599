import { afterAll, expect, it } from 'vitest';
import { temporaryFolder } from '../support/cli.ts';
import { runHere } from '../support/run-here.ts';

const folder = temporaryFolder();
afterAll(() => folder.remove());

it('a wiki is backed up, verified and brought back from the command line', async () => {
  const run = (data: string, ...words: string[]) => runHere(words, { KITTIWAKE_DATA: folder.path(data) });
  const backup = folder.path('backup');
  const absent = await run('data', 'backup', 'restore', backup);
  expect([absent.code, absent.err]).toEqual([1, expect.stringContaining('(backup_absent)')]);
  expect((await run('data', 'wiki', 'create')).code).toBe(0);
  expect((await run('data', 'user', 'create', 'anna@example.org', '--name', 'Anna')).code).toBe(0);
  expect((await run('data', 'backup', 'create', backup)).out).toMatch(
    /^Backed up the wiki "main", which has no commit \(copied: 1 object, 0\.0 MB of packs, 2 rows\) to \S+\n$/,
  );
  expect((await run('backup', 'doctor')).code).toBe(0);
  expect((await run('again', 'backup', 'restore', backup)).out).toMatch(
    /^Restored the wiki "main", which has no commit \(copied: .*, 2 rows\), as it was at \d{4}-\S+Z\n$/,
  );
  expect((await run('again', 'user', 'list')).out).toContain('\tanna@example.org\tadmin\t');
});
