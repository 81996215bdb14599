import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { KittiwakeError } from '../../../src/core/errors.ts';
import { openTable, type TableOptions } from '../../../src/import/source/open-source.ts';
import { parseRecords } from '../../../src/import/source/parse-records.ts';
import type { RecordFormat, RowSource } from '../../../src/import/source.ts';
import { byRow, memoryFile, type ReadThrough, readThrough } from './memory-file.ts';
import { workbookOf } from './workbook-file.ts';

const COLUMNS = ['a', 'b', 'c'];
const CELL = fc.string({ unit: fc.constantFrom('x', 'ü', '😀', ',', '"', '\n', '\r', ' '), maxLength: 8 });
const LINE_END = fc.constantFrom('\n', '\r\n', '\r');
/** Text that is mostly wrong. */
const CROOKED = fc.string({
  unit: fc.constantFrom('x', 'ü', ',', '"', '""', '\n', '\r', '\r\n'),
  maxLength: 60,
});

function written(cell: string, isQuoted: boolean): string {
  return isQuoted || /[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}

async function piecesOf(source: RowSource, pieceBytes: number): Promise<ReadThrough> {
  const { parsing, pieces } = source.records as RecordFormat;
  const read: ReadThrough = { rows: [], failures: [] };
  for await (const piece of pieces({ pieceBytes })) {
    const { rows, failures } = parseRecords(piece.bytes, parsing, piece.firstRow);
    read.rows.push(...rows);
    read.failures.push(...failures, ...piece.failures);
  }
  return read;
}

/** What reading comes to from the position of each piece and chunk. */
async function expectResumable(source: RowSource, pieceBytes: number): Promise<void> {
  const whole = byRow(await readThrough(source));
  expect(byRow(await piecesOf(source, pieceBytes))).toEqual(whole);
  for await (const { position } of (source.records as RecordFormat).pieces({ pieceBytes })) {
    const before = byRow(await readThrough(source, { to: position }));
    const behind = byRow(await readThrough(source, { from: position }));
    expect({ ...before, ...behind }).toEqual(whole);
    expect(Object.keys(before).length + Object.keys(behind).length).toBe(Object.keys(whole).length);
  }
}

describe('any CSV', () => {
  it('that is written as RFC 4180 has it is read back', async () => {
    const row = fc.array(fc.tuple(CELL, fc.boolean()), { minLength: 3, maxLength: 3 });
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(row, LINE_END), { minLength: 1 }), async rows => {
        const lines = rows.map(([cells, end]) => cells.map(cell => written(...cell)).join(',') + end);
        const options: TableOptions = { columns: COLUMNS, format: 'csv', delimiter: ',' };
        const { rows: found, failures } = await readThrough(
          await openTable(memoryFile(`\ufeff${lines.join('')}`), options),
        );
        expect(failures).toEqual([]);
        const wanted = rows.map(([cells]) => cells.map(([cell]) => cell));
        expect(found.map(({ values }) => COLUMNS.map(column => values[column]))).toEqual(wanted);
      }),
    );
  });

  it('that csv-parse takes is read as csv-parse reads it', async () => {
    let taken = 0;
    await fc.assert(
      fc.asyncProperty(CROOKED, async text => {
        const wanted = judged(text);
        if (wanted === undefined) return;
        taken += 1;
        const options: TableOptions = { columns: COLUMNS, format: 'csv', delimiter: ',', isStrict: false };
        const { rows } = await readThrough(await openTable(memoryFile(`x${text}`), options));
        const padded = wanted.filter(cells => cells.slice(3).every(cell => cell === ''));
        expect(rows.map(({ values }) => COLUMNS.map(column => values[column]))).toEqual(
          padded.map(cells => COLUMNS.map((_, n) => cells[n] ?? '')),
        );
      }),
      { numRuns: 2000 },
    );
    expect(taken).toBeGreaterThan(100);
  });

  it('comes to the same in pieces of any size and from any position on', async () => {
    const bound = fc.constantFrom(6, 20, 1 << 20);
    await fc.assert(
      fc.asyncProperty(
        CROOKED,
        fc.integer({ min: 1, max: 40 }),
        bound,
        async (text, pieceBytes, maxRowBytes) => {
          const options: TableOptions = { columns: COLUMNS, format: 'csv', delimiter: ',', maxRowBytes };
          const source = await openTable(memoryFile(`x${text}`), { ...options, isStrict: false });
          await expectResumable(source, pieceBytes);
        },
      ),
      { numRuns: 500 },
    );
  });
});

/** Cells as csv-parse has them, or undefined where it refuses the text. */
function judged(text: string): string[][] | undefined {
  try {
    const options = { record_delimiter: ['\r\n', '\n', '\r'], relax_column_count: true };
    return parse(`x${text}`, { ...options, skip_empty_lines: true });
  } catch {
    return undefined;
  }
}

describe('any JSON', () => {
  const OBJECT = fc
    .dictionary(fc.string({ maxLength: 5 }), fc.jsonValue({ maxDepth: 3 }))
    .filter(object => !JSON.stringify(object).includes('__proto__'));

  it('comes to the same as an array and as lines, in pieces of any size and from any position on', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(OBJECT, { minLength: 1, maxLength: 8 }),
        fc.constantFrom(undefined, 1, '\t'),
        fc.integer({ min: 1, max: 60 }),
        async (objects, indent, pieceBytes) => {
          const wanted = JSON.parse(JSON.stringify(objects));
          const texts = [
            JSON.stringify(objects, undefined, indent),
            objects.map(object => JSON.stringify(object)).join('\n'),
          ];
          for (const text of texts) {
            const source = await openTable(memoryFile(text), { format: 'ndjson' });
            expect((await readThrough(source)).rows.map(({ values }) => values)).toEqual(wanted);
            await expectResumable(source, pieceBytes);
          }
        },
      ),
    );
  });

  it('is parted so that rows keep their numbers', async () => {
    const text = fc.string({
      unit: fc.constantFrom('{"a":1}', '{"b":"ü"}', '\n', '\n', '{', ' '),
      maxLength: 40,
    });
    await fc.assert(
      fc.asyncProperty(text, fc.integer({ min: 1, max: 9 }), async (lines, most) => {
        const source = await openTable(memoryFile(`{"a":1}\n${lines}`), { format: 'ndjson' });
        let parted = {};
        for (const part of (await source.parts?.(most)) ?? [])
          parted = { ...parted, ...byRow(await readThrough(source, part)) };
        expect(parted).toEqual(byRow(await readThrough(source)));
      }),
    );
  });
});

describe('any bytes', () => {
  const START = fc.constantFrom('', '\x1f\x8b\x08\x00', 'PK\x03\x04', '[', '{"a":', 'a,b\n', '\xff\xfe', '"');

  it('are read or refused', async () => {
    await fc.assert(
      fc.asyncProperty(START, fc.uint8Array({ maxLength: 200 }), async (start, rest) => {
        await expectAnswer(Buffer.concat([Buffer.from(start, 'latin1'), rest]));
      }),
      { numRuns: 1000 },
    );
  });

  it('in a workbook are read or refused', async () => {
    const cells = '<row r="1"><c t="str"><v>a</v></c></row><row r="2"><c><v>1</v></c></row>';
    const workbook = await workbookOf({ sheets: { S: cells } });
    await fc.assert(
      fc.asyncProperty(fc.nat(workbook.length - 1), fc.nat(255), async (at, byte) => {
        const changed = Buffer.from(workbook);
        changed[at] = byte;
        await expectAnswer(changed);
      }),
      { numRuns: 500 },
    );
  });
});

async function expectAnswer(bytes: Buffer): Promise<void> {
  try {
    await readThrough(await openTable(memoryFile(bytes)));
  } catch (error) {
    expect(error).toBeInstanceOf(KittiwakeError);
  }
}
