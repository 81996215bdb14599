import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { comparePaths } from '../../../src/git/object/paths.ts';
import { batch } from '../../../src/import/operator/batch.ts';
import { neededColumn } from '../../../src/import/operator/columns.ts';
import { dedupe } from '../../../src/import/operator/dedupe.ts';
import { inTurn } from '../../../src/import/operator/join.ts';
import { mergeJoin } from '../../../src/import/operator/merge-join.ts';
import type { Operator } from '../../../src/import/operator/operator.ts';
import { drop, filter, map, rename, select } from '../../../src/import/operator/row-steps.ts';
import { rowWise } from '../../../src/import/operator/row-wise.ts';
import { semiJoin } from '../../../src/import/operator/semi-join.ts';
import { symmetricJoin } from '../../../src/import/operator/symmetric-join.ts';
import type { Cell, Row } from '../../../src/import/row.ts';
import { bothForms, other, rowsOf, sizes, table } from './operator-support.ts';

const bound = { maxRows: 1_000, maxBytes: 1_000_000 };
const joinOptions = fc.record({
  rows: fc.constantFrom('inner' as const, 'left' as const, 'full' as const),
  strict: fc.boolean(),
  unmatched: fc.constantFrom('null' as const, 'missing' as const),
  prefix: fc.constantFrom('', 'other_'),
  columns: fc.constantFrom(undefined, ['a'], ['a', 'b', 'z']),
  on: fc.constantFrom<Record<string, string>>({ k: 'k' }, { k: 'k', l: 'l' }, { l: 'k' }),
});

type Options = Omit<Parameters<typeof symmetricJoin>[0], 'other' | 'bound'>;
const given = ({
  columns,
  ...rest
}: { columns: readonly string[] | undefined } & Omit<Options, 'columns'>) =>
  columns === undefined ? rest : { ...rest, columns };

async function agree(
  make: (sizes: readonly number[]) => Operator,
  rows: readonly Row[],
  cuts: readonly number[],
) {
  const { streamed, whole } = await bothForms(make, rows, cuts);
  expect(streamed).toStrictEqual(whole);
}

/** As a merge-join wants them; rows that fail stay anywhere. */
function sorted(values: readonly Record<string, Cell>[], key: readonly string[]): Record<string, Cell>[] {
  const text = (row: Record<string, Cell>) => key.map(name => String(row[name] ?? '')).join('\0');
  return [...values].sort((a, b) => comparePaths(text(a), text(b)));
}

describe('the streamed form of an operator is the whole-input form, however its input is cut:', () => {
  it('steps on single rows', async () => {
    const steps = [
      [
        select(['k', 'a']),
        rename(
          new Map([
            ['a', 'k2'],
            ['k', 'a'],
          ]),
        ),
      ],
      [drop(['a']), filter(values => neededColumn('b')(values) !== 'a')],
      [map(new Map([['n', neededColumn('l')]])), rename(new Map([['n', 'b']]))],
    ];
    await fc.assert(
      fc.asyncProperty(table, sizes, fc.constantFrom(...steps), (values, cuts, run) =>
        agree(
          () =>
            rowWise(
              run,
              run.map(() => 'step'),
            ),
          rowsOf('t', values),
          cuts,
        ),
      ),
    );
  });

  it('batch', async () => {
    await fc.assert(
      fc.asyncProperty(
        table,
        sizes,
        fc.integer({ min: 1, max: 9 }),
        fc.boolean(),
        (values, cuts, size, partial) =>
          agree(() => batch({ size, partial, as: 'rows' }), rowsOf('t', values), cuts),
      ),
    );
  });

  it('dedupe', async () => {
    const by = fc.constantFrom(undefined, ['k'], ['l', 'a']);
    await fc.assert(
      fc.asyncProperty(table, sizes, by, fc.integer({ min: 1, max: 20 }), (values, cuts, columns, limit) =>
        agree(() => dedupe({ limit, ...(columns && { by: columns }) }), rowsOf('t', values), cuts),
      ),
    );
  });

  it('semi-join', async () => {
    await fc.assert(
      fc.asyncProperty(table, table, sizes, fc.boolean(), (values, others, cuts, anti) =>
        agree(
          otherSizes =>
            semiJoin({ other: other('o', rowsOf('o', others), otherSizes), on: { l: 'k' }, anti, bound }),
          rowsOf('t', values),
          cuts,
        ),
      ),
    );
  });

  it('join', async () => {
    await fc.assert(
      fc.asyncProperty(table, table, sizes, joinOptions, (values, others, cuts, options) =>
        agree(
          otherSizes =>
            symmetricJoin({ ...given(options), bound, other: other('o', rowsOf('o', others), otherSizes) }),
          rowsOf('t', values),
          cuts,
        ),
      ),
      { numRuns: 400 },
    );
  });

  it('join of many, of which none passes rows as they are', async () => {
    const many = fc.array(table, { maxLength: 3 });
    await fc.assert(
      fc.asyncProperty(table, many, sizes, joinOptions, async (values, others, cuts, options) => {
        const make = (otherSizes: readonly number[]) =>
          inTurn(
            others.map((rows, index) =>
              symmetricJoin({
                ...given({ ...options, on: { k: 'k' }, prefix: `o${index}_` }),
                bound,
                other: other(`o${index}`, rowsOf(`o${index}`, rows.slice(0, 8)), otherSizes),
              }),
            ),
          );
        const rows = rowsOf('t', values.slice(0, 8));
        await agree(make, rows, cuts);
        if (others.length === 0)
          expect(await make([1]).whole(rows, { failure() {}, filtered() {} })).toEqual(rows);
      }),
    );
  });

  it('merge-join, of what is sorted and of what is not', async () => {
    await fc.assert(
      fc.asyncProperty(
        table,
        table,
        sizes,
        joinOptions,
        fc.boolean(),
        (values, others, cuts, options, isSorted) => {
          const left = isSorted ? sorted(values, Object.keys(options.on)) : values;
          const right = isSorted ? sorted(others, Object.values(options.on)) : others;
          return agree(
            otherSizes =>
              mergeJoin({ ...given(options), bound, other: other('o', rowsOf('o', right), otherSizes) }),
            rowsOf('t', left),
            cuts,
          );
        },
      ),
      { numRuns: 400 },
    );
  });
});

describe('what a row may become is bounded:', () => {
  const big = 'x'.repeat(1 << 20);

  it('columns that are made of columns', async () => {
    const doubled = map(new Map([['a', ({ a }) => `${a}${a}`]]));
    const { streamed } = await bothForms(
      () => rowWise(Array(7).fill(doubled), Array(7).fill('map')),
      rowsOf('t', [{ a: big }]),
      [1],
    );
    expect(streamed).toMatchObject({
      outcome: [],
      failures: [expect.stringContaining('"code":"text_too_large"')],
    });
  });

  it('rows of a batch', async () => {
    const rows = rowsOf('t', Array(200).fill({ a: big }));
    const refused = { refused: 'batch_too_large' };
    expect(await bothForms(() => batch({ size: 1_000, partial: true, as: 'rows' }), rows, [50])).toEqual({
      streamed: refused,
      whole: refused,
    });
  });
});
