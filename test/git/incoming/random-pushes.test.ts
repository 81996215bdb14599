import fc from 'fast-check';
import { expect, test } from 'vitest';
import { MAIN_REF } from '../../../src/git/ledger/ledger.ts';
import type { LedgerRepository } from '../../../src/git/open.ts';
import { newRepository } from '../../support/repository.ts';
import { at, expectSound, push } from './push-support.ts';
import { anySteps, headsOf, makeHistory } from './random-history.ts';

async function pushAll(folder: string, heads: readonly string[]): Promise<LedgerRepository> {
  const repository = await newRepository();
  for (const after of heads) {
    const before = (await repository.ledger(0)).refs[MAIN_REF];
    await push(repository, folder, { updates: [{ ref: MAIN_REF, before, after }] });
  }
  return repository;
}

async function logOf(repository: LedgerRepository): Promise<string[]> {
  const found: string[] = [];
  for await (const { commit } of (await repository.view()).log()) found.push(commit.oid);
  return found.sort();
}

test('a history that is pushed in any pieces is the same, and tells the same, as one that came at once', async () => {
  const cases = fc.asyncProperty(anySteps, fc.array(fc.boolean(), { maxLength: 14 }), async (steps, cuts) => {
    const history = makeHistory(steps);
    const { folder } = history;
    const heads = headsOf(history);
    const last = heads.at(-1) as string;
    const pieces = await pushAll(folder, [...heads.filter((_, n) => cuts[n] ?? true), last]);
    const whole = await pushAll(folder, [last]);
    const commits = await expectSound(pieces);
    expect(commits.sort()).toEqual(at(folder, 'rev-list', last).split('\n').sort());
    await expectSound(whole);
    expect(await logOf(pieces)).toEqual(await logOf(whole));
    const files = (await (await pieces.view()).files('')).map(({ path, mode, oid }) => [path, mode, oid]);
    expect(files).toEqual(
      (await (await whole.view()).files('')).map(({ path, mode, oid }) => [path, mode, oid]),
    );
  });
  await fc.assert(cases, { numRuns: Number(process.env.RANDOM_PUSHES ?? 10) });
}, 240_000);
