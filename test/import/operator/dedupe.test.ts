import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dedupe } from '../../../src/import/operator/dedupe.ts';
import { HashSet } from '../../../src/import/operator/hash-set.ts';
import { gatherRows } from '../../../src/import/operator/row-cursor.ts';
import { cut, rowsOf, told } from './operator-support.ts';

describe('a set of hashes', () => {
  it('knows what was added and nothing else, also while it grows', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(2_000), { maxLength: 6_000, minLength: 2_000 }), numbers => {
        const [set, real] = [new HashSet(), new Set<number>()];
        for (const number of numbers) {
          const isNew = set.add(createHash('sha256').update(String(number)).digest());
          expect(isNew).toBe(!real.has(number));
          real.add(number);
        }
        expect(set.size).toBe(real.size);
      }),
      { numRuns: 10 },
    );
  });

  it('takes all zeros for a hash like others', () => {
    const set = new HashSet();
    expect([set.add(Buffer.alloc(32)), set.add(Buffer.alloc(32)), set.size]).toEqual([true, false, 1]);
  });
});

describe('dedupe', () => {
  it('keeps the first of the same rows, whatever the order of their columns', async () => {
    const report = told();
    const rows = rowsOf('t', [
      { a: 1, b: { c: 1, d: [2] } },
      { b: { d: [2], c: 1 }, a: 1 },
      { a: '1', b: { c: 1, d: [2] } },
      { a: 1 },
    ]);
    const kept = await gatherRows(dedupe({ limit: 10 }).stream(cut(rows, [1]), report));
    expect(kept.map(row => row.origins[0]?.row)).toEqual([1, 3, 4]);
    expect(report.count).toBe(1);
  });

  it('refuses more different rows than it may hold', async () => {
    const rows = rowsOf('t', [{ a: 1 }, { a: 1 }, { a: 2 }, { a: 3 }]);
    const deduped = gatherRows(dedupe({ limit: 2 }).stream(cut(rows, [9]), told()));
    await expect(deduped).rejects.toMatchObject({ code: 'dedupe_too_large', data: { limit: 2 } });
  });

  it('fails a row that holds a file, which cannot be compared', async () => {
    const report = told();
    const file = { size: 1, open: () => (async function* () {})() };
    const rows = rowsOf('t', [{ file }, { file: 'text' }]);
    expect(await gatherRows(dedupe({ limit: 9 }).stream(cut(rows, [1]), report))).toHaveLength(1);
    expect(report.failures).toMatchObject([{ code: 'cell_invalid', origins: [{ row: 1 }] }]);
  });
});
