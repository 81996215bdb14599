import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mergeJoin } from '../../../src/import/operator/merge-join.ts';
import type { Operator } from '../../../src/import/operator/operator.ts';
import { gatherRows } from '../../../src/import/operator/row-cursor.ts';
import { semiJoin } from '../../../src/import/operator/semi-join.ts';
import { symmetricJoin } from '../../../src/import/operator/symmetric-join.ts';
import type { Cell, Row } from '../../../src/import/row.ts';
import { cut, other, rowsOf, table, told, watched } from './operator-support.ts';

const bound = { maxRows: 1_000, maxBytes: 1_000_000 };
const standard = {
  on: { k: 'k' },
  rows: 'inner',
  strict: false,
  unmatched: 'null',
  prefix: '',
  bound,
} as const;

async function run(operator: Operator, rows: readonly Row[]): Promise<Row[]> {
  return await gatherRows(operator.stream(cut(rows, [2]), told()));
}

/** What rows came from, in an order of its own. */
function origins(rows: readonly Row[]): string[] {
  return rows.map(row => JSON.stringify(row.origins)).sort();
}

function join(rows: readonly Row[], others: readonly Row[], options: object = {}): Promise<Row[]> {
  return run(symmetricJoin({ ...standard, prefix: 'o_', ...options, other: other('o', others) }), rows);
}

describe('a row that was joined', () => {
  it('names the same origins whichever side came first', async () => {
    await fc.assert(
      fc.asyncProperty(table, table, fc.constantFrom('inner', 'full'), async (left, right, rows) => {
        const [a, b] = [rowsOf('a', left), rowsOf('b', right)];
        expect(origins(await join(a, b, { rows }))).toEqual(origins(await join(b, a, { rows })));
      }),
    );
  });

  it('names the same origins in whatever order three inputs are joined, one of them twice', async () => {
    const few = fc.array(fc.record({ k: fc.constantFrom<Cell>('a', 'b') }), { maxLength: 5 });
    await fc.assert(
      fc.asyncProperty(few, few, few, async (one, two, three) => {
        const [a, b, c] = [rowsOf('a', one), rowsOf('b', two), rowsOf('c', three)];
        const first = await join(await join(await join(a, b), c), a);
        const second = await join(await join(a, c), await join(b, a));
        expect(new Set(origins(first))).toEqual(new Set(origins(second)));
        for (const { origins: own } of first) {
          const keys = own.map(({ source, row }) => `${source} ${String(row).padStart(3)}`);
          expect(keys).toEqual([...new Set(keys)].sort());
        }
      }),
    );
  });

  it('has the columns of both, the keys once, those of the other side under its prefix', async () => {
    const left = rowsOf('t', [{ author: '1', title: 'Gulls' }]);
    const right = rowsOf('o', [{ id: 1, name: 'Anna', title: 'Dr' }]);
    const on = { author: 'id' };
    expect((await join(left, right, { on }))[0]).toStrictEqual({
      values: { author: '1', title: 'Gulls', o_name: 'Anna', o_title: 'Dr' },
      origins: [
        { source: 'o', row: 1 },
        { source: 't', row: 1 },
      ],
    });
    const chosen = await join(left, right, { on, columns: ['name'], prefix: '' });
    expect(chosen[0]?.values).toStrictEqual({ author: '1', title: 'Gulls', name: 'Anna' });
  });

  it('fails when it would have two columns of one name', async () => {
    const report = told();
    const operator = symmetricJoin({ ...standard, other: other('o', rowsOf('o', [{ k: 'a', b: 1 }])) });
    const rows = cut(rowsOf('t', [{ k: 'a', b: 2 }]), [1]);
    expect(await gatherRows(operator.stream(rows, report))).toEqual([]);
    expect(report.failures).toMatchObject([
      { code: 'column_taken', origins: [{ source: 'o' }, { source: 't' }] },
    ]);
    expect(report.failures[0]?.message).toContain('prefix');
  });
});

describe('a row without a partner', () => {
  const left = rowsOf('t', [
    { k: 'x', a: 1 },
    { k: '', a: 2 },
  ]);
  const right = rowsOf('o', [
    { k: 'y', b: 1 },
    { k: null, b: 2 },
  ]);

  it('is left out of an inner join, and counted', async () => {
    const report = told();
    const operator = symmetricJoin({ ...standard, other: other('o', right) });
    expect(await gatherRows(operator.stream(cut(left, [1]), report))).toEqual([]);
    expect(report.count).toBe(2);
  });

  it('has null or no columns of the absent side, as is asked for', async () => {
    const values = async (options: object) =>
      (await join(left, right, { prefix: '', ...options })).map(row => row.values);
    expect(await values({ rows: 'left' })).toStrictEqual([
      { k: 'x', a: 1, b: null },
      { k: '', a: 2, b: null },
    ]);
    expect(await values({ rows: 'full', unmatched: 'missing' })).toStrictEqual([
      { k: 'x', a: 1 },
      { k: '', a: 2 },
      { k: 'y', b: 1 },
      { k: null, b: 2 },
    ]);
  });
});

describe('a strict join', () => {
  it('refuses rows with other columns than the first of their side, with their origin', async () => {
    const report = told();
    const rows = rowsOf('t', [{ k: 'a' }, { k: 'a', extra: 1 }]);
    const operator = symmetricJoin({
      ...standard,
      strict: true,
      other: other('o', rowsOf('o', [{ k: 'a', b: 1 }, { k: 'a' }])),
    });
    expect(await gatherRows(operator.stream(cut(rows, [1]), report))).toHaveLength(1);
    expect(report.failures).toMatchObject([
      {
        code: 'columns_differ',
        origins: [{ source: 't', row: 2 }],
        message: expect.stringContaining('also has "extra"'),
      },
      {
        code: 'columns_differ',
        origins: [{ source: 'o', row: 2 }],
        message: expect.stringContaining('lacks "b"'),
      },
    ]);
  });
});

describe('what a join holds in memory', () => {
  const many = (source: string, count: number) =>
    rowsOf(
      source,
      Array.from({ length: count }, (_, index) => ({ k: String(index).padStart(6, '0') })),
    );

  it('is refused above the rows it may hold, naming the bound and the way out', async () => {
    const options = { bound: { maxRows: 50, maxBytes: 1e9 } };
    const refused = join(many('t', 200), many('o', 200), options);
    await expect(refused).rejects.toMatchObject({ code: 'join_side_too_large', data: { limit: 50 } });
    await expect(join(many('t', 200), many('o', 200), options)).rejects.toThrow(/50 rows.*merge-join/);
  });

  it('is refused above the bytes it may take', async () => {
    const options = { bound: { maxRows: 1_000, maxBytes: 100_000 } };
    const rows = rowsOf(
      't',
      [1, 2, 3].map(k => ({ k, text: 'x'.repeat(60_000) })),
    );
    await expect(join(rows, many('o', 9), options)).rejects.toMatchObject({ code: 'join_side_too_large' });
  });

  it('is no more than the smaller side and as much of the larger', async () => {
    const options = { bound: { maxRows: 11, maxBytes: 1e9 } };
    expect(await join(many('t', 5_000), many('o', 10), options)).toHaveLength(10);
    expect(await join(many('t', 10), many('o', 5_000), options)).toHaveLength(10);
    const large = rowsOf(
      't',
      many('t', 5_000).map(({ values }) => ({ ...values, text: 'x'.repeat(5_000) })),
    );
    const few = { bound: { maxRows: 400, maxBytes: 1e6 } };
    expect(await join(large, many('o', 400), few)).toHaveLength(400);
  });

  it('is, of a semi-join, the keys of the other side', async () => {
    const semi = (maxRows: number) =>
      semiJoin({
        other: other('o', many('o', 20)),
        on: { k: 'k' },
        anti: false,
        bound: { maxRows, maxBytes: 1e9 },
      });
    expect(await run(semi(20), many('t', 5_000))).toHaveLength(20);
    await expect(run(semi(19), many('t', 1))).rejects.toMatchObject({ code: 'join_side_too_large' });
  });

  it('is, of a merge-join, the rows of one key, however long the inputs are', async () => {
    const options = { ...standard, bound: { maxRows: 2, maxBytes: 1e9 } };
    const merged = (rows: readonly Row[]) =>
      run(mergeJoin({ ...options, other: other('o', rows) }), many('t', 5_000));
    expect(await merged(many('o', 5_000))).toHaveLength(5_000);
    const same = rowsOf(
      'o',
      Array.from({ length: 4 }, () => ({ k: '000001' })),
    );
    await expect(merged(same)).rejects.toMatchObject({ code: 'join_side_too_large' });
  });
});

describe('a merge-join', () => {
  it('refuses unsorted inputs with the position', async () => {
    const unsorted = rowsOf('o', [{ k: 'a' }, { k: 'c' }, { k: 'b' }]);
    const refused = run(mergeJoin({ ...standard, other: other('o', unsorted) }), rowsOf('t', [{ k: 'a' }]));
    await expect(refused).rejects.toMatchObject({
      code: 'join_unsorted',
      data: { origins: [{ source: 'o', row: 3 }] },
    });
  });

  it('takes the order of bytes that sort(1) makes, where it differs from JavaScript’s', async () => {
    const keys = ['\ufffd', '\u{1f41f}'].map(k => ({ k }));
    const merged = run(mergeJoin({ ...standard, other: other('o', rowsOf('o', keys)) }), rowsOf('t', keys));
    expect(await merged).toHaveLength(2);
  });
});

describe('a slow reader of a join', () => {
  it('bounds what is read of both sides', async () => {
    const many = rowsOf(
      't',
      Array.from({ length: 20_000 }, (_, index) => ({ k: String(index) })),
    );
    const [left, right] = [watched(cut(many, [10])), watched(cut(many, [10]))];
    const operator = symmetricJoin({
      ...standard,
      bound: { maxRows: 1e5, maxBytes: 1e9 },
      other: { name: 'o', open: () => right.rows },
    });
    const joined = operator.stream(left.rows, told())[Symbol.asyncIterator]();
    const first = await joined.next();
    const handedOn = (first.value as Row[]).length;
    expect(left.read()).toBeLessThanOrEqual(handedOn + 10);
    expect(right.read()).toBeLessThanOrEqual(handedOn + 10);
    await joined.return?.();
    expect([left.isClosed(), right.isClosed()]).toEqual([true, true]);
  });

  it('gets the pairs of one row in parts, not all at once', async () => {
    const same = rowsOf(
      'o',
      Array.from({ length: 3_000 }, () => ({ k: 'a' })),
    );
    const operator = symmetricJoin({
      ...standard,
      bound: { maxRows: 1e5, maxBytes: 1e9 },
      other: other('o', same),
    });
    const rows = rowsOf(
      't',
      Array.from({ length: 3_000 }, () => ({ k: 'a' })),
    );
    const joined = operator.stream(cut(rows, [100]), told());
    let pairs = 0;
    for await (const chunk of joined) {
      expect(chunk.length).toBeLessThanOrEqual(500);
      pairs += chunk.length;
      if (pairs > 100_000) break;
    }
  });

  it('ends it by its signal, and both sides are let go of', async () => {
    const many = rowsOf(
      't',
      Array.from({ length: 20_000 }, (_, index) => ({ k: String(index).padStart(6, '0') })),
    );
    for (const make of [symmetricJoin, mergeJoin]) {
      const stop = new AbortController();
      const [left, right] = [watched(cut(many, [10])), watched(cut(many, [10]))];
      const operator = make({ ...standard, other: { name: 'o', open: () => right.rows } });
      const reading = (async () => {
        for await (const _ of operator.stream(left.rows, told(), stop.signal))
          stop.abort(new Error('stopped'));
      })();
      await expect(reading).rejects.toThrow('stopped');
      expect([left.isClosed(), right.isClosed()]).toEqual([true, true]);
    }
  });
});
