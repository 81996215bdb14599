import { describe, expect, it } from 'vitest';
import { refuseTooManyRows } from '../../../src/import/job/count-rows.ts';
import { openTable } from '../../../src/import/source/open-source.ts';
import { memoryFile } from '../source/memory-file.ts';

/** Larger than a piece. */
const LONG = 'x'.repeat(300_000);
const { signal } = new AbortController();

describe('the limit of rows', () => {
  const texts = {
    csv: (count: number) =>
      `path,content\n${Array.from({ length: count }, (_, at) => `p${at},"${LONG}\n""${at}"""\n`).join('')}`,
    ndjson: (count: number) =>
      Array.from({ length: count }, (_, at) => `${JSON.stringify({ path: `p${at}`, content: LONG })}\n`).join(
        '',
      ),
    'array of JSON': (count: number) =>
      JSON.stringify(Array.from({ length: count }, (_, at) => ({ path: `p${at}`, content: LONG }))),
  };
  it.each(Object.entries(texts))('is told of %s before a row is used', async (_, textOf) => {
    const source = await openTable(memoryFile(textOf(20)));
    await refuseTooManyRows(source, 20, signal);
    const refused = refuseTooManyRows(source, 19, signal);
    await expect(refused).rejects.toMatchObject({ code: 'rows_too_many', data: { rows: 20, maxRows: 19 } });
  });

  it('counts rows that fail', async () => {
    const source = await openTable(memoryFile('path,content\na,b\nc\nd,e\n'));
    await refuseTooManyRows(source, 3, signal);
    await expect(refuseTooManyRows(source, 2, signal)).rejects.toMatchObject({ code: 'rows_too_many' });
  });

  it('reads nothing where a source cannot have so many', async () => {
    const source = {
      ...(await openTable(memoryFile('path,content\na,b\n'))),
      rowBound: 5,
      rows: () => expect.unreachable(),
      records: { ...{ parsing: undefined as never }, pieces: () => expect.unreachable() },
    };
    await refuseTooManyRows(source, 5, signal);
    await expect(refuseTooManyRows(source, 4, signal)).rejects.toThrow();
  });
});
