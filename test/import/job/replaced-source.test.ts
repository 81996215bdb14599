import { mkdtempSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { openJobSource } from '../../../src/import/job/run-source.ts';
import { newRepository } from '../../support/repository.ts';
import { smallJob, sourceMeans } from './small-import.ts';

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
  const means = sourceMeans(repository);
  const open = () => openJobSource(smallJob({}, { source }), means, new AbortController().signal);
  await (await open()).close();
  writeFileSync(path, 'path,content\nb,2\n');
  utimesSync(path, new Date(), new Date(mtimeMs + 5_000));
  await expect(open()).rejects.toMatchObject({ code: 'source_replaced' });
});
