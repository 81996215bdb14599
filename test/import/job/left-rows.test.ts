import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { LeftRows } from '../../../src/import/job/run-left.ts';
import { newRepository } from '../../support/repository.ts';
import { smallRows } from './small-import.ts';

const ROWS = 2_000;

it('rows that are left out are stored, all of them, and no file with a name holds them before', async () => {
  const scratch = mkdtempSync(join(tmpdir(), 'kittiwake-left-'));
  onTestFinished(() => rmSync(scratch, { recursive: true }));
  const { source, sources } = smallRows([]);
  const left = new LeftRows(scratch, { source, sources });
  onTestFinished(() => left.close());
  const repository = await newRepository();
  const row = (number: number) => ({ path: `p${number}`, source: 0, row: number });
  const why = { code: 'path_duplicate', message: 'there is another one' };
  const stored = async () => {
    const key = (await left.store(repository, 'job-files/w/1/')) ?? '';
    const found = await repository.store.get(key);
    return found.kind === 'found' ? found.bytes.toString().trimEnd().split('\n') : [];
  };
  for (let number = 0; number < ROWS; number += 1) left.add(row(number) as never, why);
  expect(readdirSync(scratch)).toEqual([]);
  expect(await stored()).toHaveLength(ROWS);
  left.add(row(ROWS) as never, why);
  expect(JSON.parse((await stored()).at(-1) ?? '')).toMatchObject({ origins: [{ row: ROWS }] });
  left.clear();
  left.add(row(7) as never, why);
  expect(await stored()).toHaveLength(1);
});
