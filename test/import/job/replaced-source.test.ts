import { mkdtempSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { openJobSource } from '../../../src/import/job/run-source.ts';
import { FULL_ACCESS } from '../../../src/wiki/access.ts';
import { DEFAULT_SETTINGS } from '../../../src/wiki/settings.ts';
import { newRepository } from '../../support/repository.ts';
import { smallJob } from './small-import.ts';

it('a file that was changed since is refused, though it has as many bytes', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'kittiwake-replaced-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const path = join(folder, 'pages.csv');
  writeFileSync(path, 'path,content\na,1\n');
  const { size: bytes, mtimeMs } = statSync(path);
  const source = {
    kind: 'local',
    path,
    name: 'pages.csv',
    bytes,
    modifiedMs: Math.trunc(mtimeMs),
  } as const;
  const repository = await newRepository();
  const means = { repository, settings: DEFAULT_SETTINGS, accessOf: async () => FULL_ACCESS };
  const open = () => openJobSource(smallJob({}, { source }), means, new AbortController().signal);
  await (await open()).close();
  writeFileSync(path, 'path,content\nb,2\n');
  utimesSync(path, new Date(), new Date(mtimeMs + 5_000));
  await expect(open()).rejects.toMatchObject({ code: 'source_replaced' });
});
