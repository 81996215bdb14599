import { describe, expect, it } from 'vitest';
import { cellInvalid } from '../../../src/import/operator/errors.ts';
import { createMemoStore } from '../../../src/import/operator/memo-store.ts';
import { type MemoOptions, memoised } from '../../../src/import/operator/memoised.ts';
import { gatherRows } from '../../../src/import/operator/row-cursor.ts';
import type { Row } from '../../../src/import/row.ts';
import { createMemoryByteStore } from '../../../src/storage/memory.ts';
import { cut, rowsOf, type Told, told } from './operator-support.ts';

const rows = rowsOf('t', [{ n: 1 }, { n: 2 }, { n: 3 }, { n: 4 }, { n: 1 }]);

/** Doubles; leaves 2 out, refuses 3, and breaks down on 4. */
async function double({ values, origins }: Row): Promise<Row | undefined> {
  const { n } = values;
  if (n === 2) return undefined;
  if (n === 3) throw cellInvalid('"n"', 'no 3');
  if (n === 4) throw new RangeError('secret of the row');
  return { values: { n: Number(n) * 2 }, origins };
}

function scene() {
  const store = createMemoryByteStore();
  const memo = createMemoStore(store, 'memo/w/');
  let asked = 0;
  const run = async (
    mode: MemoOptions['mode'],
    options: Partial<MemoOptions> = {},
  ): Promise<[Row[], Told]> => {
    const report = told();
    const step = (row: Row) => {
      asked += 1;
      return double(row);
    };
    const operator = memoised({ name: 'double', identity: 'double 1', step, store: memo, mode, ...options });
    return [await gatherRows(operator.stream(cut(rows, [2]), report)), report];
  };
  return { store, run, asked: () => asked };
}

const never = () => {
  throw new Error('computed again');
};

describe('a step whose results are kept', () => {
  it('is replayed without being run, to the same rows, failures and counts', async () => {
    const { run, asked } = scene();
    const [logged, first] = await run('log', { concurrency: 1 });
    expect(logged.map(({ values, origins }) => [values.n, origins[0]?.row])).toEqual([
      [2, 1],
      [2, 5],
    ]);
    expect(asked()).toBe(4);
    const [replayed, second] = await run('replay', { step: never });
    expect(replayed).toStrictEqual(logged);
    expect(second.count).toBe(first.count);
    const codes = (report: Told) => report.failures.map(({ code, origins }) => [code, origins[0]?.row]);
    expect(codes(first)).toEqual([
      ['cell_invalid', 3],
      ['step_failed', 4],
    ]);
    expect(codes(second)).toEqual([
      ['cell_invalid', 3],
      ['memo_missing', 4],
    ]);
  });

  it('does not keep what broke down, and does not show what it said', async () => {
    const { run, store } = scene();
    const [, report] = await run('log');
    expect(report.failures[1]?.message).toBe('Running "double" on a row: it threw RangeError');
    expect((await store.list('memo/')).objects).toHaveLength(3);
  });

  it('finds only results of the same step and the same values', async () => {
    const { run } = scene();
    await run('log');
    const [made, report] = await run('replay', { identity: 'double 2' });
    expect(made).toEqual([]);
    expect(report.failures).toHaveLength(5);
    expect(report.failures[0]).toMatchObject({
      code: 'memo_missing',
      message: expect.stringContaining('row 1 of "t"'),
    });
  });

  it('runs anew and keeps nothing when it is off', async () => {
    const { run, store, asked } = scene();
    await run('off');
    await run('off');
    expect(asked()).toBe(10);
    expect((await store.list('')).objects).toEqual([]);
  });

  it('refuses a result that was damaged', async () => {
    const { run, store } = scene();
    await run('log');
    const [first] = (await store.list('memo/')).objects;
    await store.delete([first?.key ?? '']);
    await store.put(first?.key ?? '', [Buffer.from('{"valu')], { immutable: true });
    await expect(run('replay')).rejects.toMatchObject({ code: 'memo_damaged' });
  });
});
