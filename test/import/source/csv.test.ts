import { describe, expect, it } from 'vitest';
import { openTable, type TableOptions } from '../../../src/import/source/open-source.ts';
import { byRow, memoryFile, readThrough } from './memory-file.ts';

async function read(text: string | Uint8Array, options?: TableOptions) {
  return byRow(await readThrough(await openTable(memoryFile(text), options)));
}

describe('a CSV source', () => {
  it('reads quoted cells with delimiters, line ends and doubled quotes', async () => {
    const text = 'path,content\na,"one, ""two""\r\nthree"\n"b",plain\n';
    expect(await read(text)).toEqual({
      1: { path: 'a', content: 'one, "two"\r\nthree' },
      2: { path: 'b', content: 'plain' },
    });
  });

  it('takes LF, CRLF and CR for line ends in one file, and needs none at the end', async () => {
    expect(await read('a,b\r\n1,2\n3,4\r5,6\r\n7,8')).toEqual({
      1: { a: '1', b: '2' },
      2: { a: '3', b: '4' },
      3: { a: '5', b: '6' },
      4: { a: '7', b: '8' },
    });
  });

  it('keeps cells as they are written', async () => {
    expect(await read('a,b,c\n007, x ,=1+2\n')).toEqual({ 1: { a: '007', b: ' x ', c: '=1+2' } });
  });

  it('takes a quote in the middle of a cell for a character', async () => {
    expect(await read('a,b\n5" pipe,x"\n')).toEqual({ 1: { a: '5" pipe', b: 'x"' } });
  });

  it.each([';', '\t', '|', ','])('finds the delimiter %j', async delimiter => {
    const text = ['a', 'b', 'c'].join(delimiter);
    expect(await read(`${text}\n"x,y;z",2|,3\n`.replaceAll(',2|,', `${delimiter}2${delimiter}`))).toEqual({
      1: { a: 'x,y;z', b: '2', c: '3' },
    });
  });

  it('passes over blank lines, which count', async () => {
    expect(await read('a,b\n\n1,2\n\n\n3,4\n\n')).toEqual({ 2: { a: '1', b: '2' }, 5: { a: '3', b: '4' } });
  });

  it('tells rows that are too long or too short by their number', async () => {
    expect(await read('a,b\n1\n1,2\n1,2,3\n')).toEqual({
      1: 'row_columns',
      2: { a: '1', b: '2' },
      3: 'row_columns',
    });
  });

  it('fills short rows and leaves out empty surplus cells where it is not strict', async () => {
    expect(await read('a,b\n1\n1,2,,\n1,2,,3\n', { isStrict: false })).toEqual({
      1: { a: '1', b: '' },
      2: { a: '1', b: '2' },
      3: 'row_columns',
    });
  });

  it('reads files without a header by the names that are given', async () => {
    expect(await read('1,2\n3,4\n', { columns: ['x', 'y'] })).toEqual({
      1: { x: '1', y: '2' },
      2: { x: '3', y: '4' },
    });
  });

  it.each([
    ['a,b,a\n1,2,3\n', 'columns 1 and 3 are both named "a"'],
    ['a,,c\n1,2,3\n', 'column 2 of 3 has no name'],
    ['a,__proto__\n1,2\n', 'column 2 is named "__proto__"'],
    ['a,"b\n1,2\n', 'a quote in it is never closed'],
    ['\n\n', 'there is none'],
  ])('refuses the header of %j', async (text, message) => {
    await expect(read(text)).rejects.toMatchObject({
      code: 'header_invalid',
      message: expect.stringContaining(message),
    });
  });

  it('names the row in which a quote was opened that is never closed, and reads on behind its first line', async () => {
    expect(await read('a,b\n1,2\n3,"four\n5,6\n7,8\n')).toEqual({
      1: { a: '1', b: '2' },
      2: 'csv_quote_unclosed',
      3: { a: '5', b: '6' },
      4: { a: '7', b: '8' },
    });
  });

  it('names the row in which an unbalanced quote swallowed the next one, and goes on behind', async () => {
    expect(await read('a,b\n1,"two\n3,"four"\n5,6\n')).toEqual({
      1: 'csv_quote_stray',
      2: { a: '5', b: '6' },
    });
  });

  it('tells cells and rows above their bounds and goes on behind them', async () => {
    const options = { maxCellBytes: 10, maxRowBytes: 40 };
    const text = `a,b\n1,${'x'.repeat(11)}\n2,"${'"",\n'.repeat(20)}"\n3,${'ä'.repeat(5)}\n`;
    expect(await read(text, options)).toEqual({
      1: 'cell_too_large',
      2: 'row_too_large',
      3: { a: '3', b: 'äääää' },
    });
  });

  it('makes small pieces of short rows below a wide header', async () => {
    const header = Array.from({ length: 10_000 }, (_, n) => `c${n}`).join(',');
    const file = memoryFile(`${header}\n${'x\n'.repeat(500)}`);
    const source = await openTable(file, { isStrict: false });
    let rows = 0;
    for await (const chunk of source.rows()) {
      expect(chunk.rows.length).toBeLessThanOrEqual(50);
      rows += chunk.rows.length;
    }
    expect(rows).toBe(500);
  });
});
