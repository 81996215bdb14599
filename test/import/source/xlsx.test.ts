import { describe, expect, it } from 'vitest';
import { openTable, type TableOptions } from '../../../src/import/source/open-source.ts';
import { readSharedStrings } from '../../../src/import/source/xlsx/shared-strings.ts';
import { openZipped } from '../../../src/import/source/xlsx/zip-file.ts';
import { byRow, memoryFile, readThrough } from './memory-file.ts';
import { type WorkbookOptions, workbookFiles, workbookOf, zipOf } from './workbook-file.ts';

const HEADER =
  '<row r="1"><c r="A1" t="inlineStr"><is><t>a</t></is></c><c r="B1" t="inlineStr"><is><t>b</t></is></c></row>';

async function open(workbook: WorkbookOptions, options?: TableOptions) {
  return await openTable(memoryFile(await workbookOf(workbook)), options);
}

async function read(workbook: WorkbookOptions, options?: TableOptions) {
  return byRow(await readThrough(await open(workbook, options)));
}

/** Cells of column B in row 2 and on, by XML. */
async function values(
  cells: readonly string[],
  workbook: Partial<WorkbookOptions> = {},
  options?: TableOptions,
) {
  const rows = cells.map((cell, n) => `<row r="${n + 2}">${cell.replace('<c', `<c r="B${n + 2}"`)}</row>`);
  const found = await read({ sheets: { S: HEADER + rows.join('') }, ...workbook }, options);
  return cells.map((_, n) => {
    const row = found[n + 1];
    return typeof row === 'object' && row !== null ? (row as { b: unknown }).b : row;
  });
}

describe('an XLSX source', () => {
  it('reads shared and inline texts, numbers, booleans, errors and results of formulas', async () => {
    const strings =
      '<si><t>plain</t></si><si><r><t>rich </t></r><r><rPr><b/></rPr><t xml:space="preserve">text</t></r><rPh sb="0" eb="1"><t>spoken</t></rPh></si><si><t>line_x000D_&amp;&#10;two _x005F_x</t></si>';
    const cells = [
      '<c t="s"><v>0</v></c>',
      '<c t="s"><v>1</v></c>',
      '<c t="s"><v>2</v></c>',
      '<c><v>1.5</v></c>',
      '<c t="b"><v>1</v></c>',
      '<c t="e"><v>#N/A</v></c>',
      '<c t="str"><f>A1&amp;"x"</f><v>ax</v></c>',
      '<c><f>SUM(A1:A9)</f></c>',
      '<c t="inlineStr"><is><t>=1+2</t></is></c>',
      '<c t="d"><v>2024-02-29</v></c>',
      '<c t="s"><v>9</v></c>',
      '<c><v>1.5e3x</v></c>',
    ];
    expect(await values(cells, { strings })).toEqual([
      'plain',
      'rich text',
      'line\r&\ntwo _x',
      1.5,
      true,
      '#N/A',
      'ax',
      '=SUM(A1:A9)',
      '=1+2',
      '2024-02-29',
      'cell_invalid',
      'cell_invalid',
    ]);
  });

  it('reads days and times as ISO 8601 has them, in both systems', async () => {
    const styles =
      '<numFmts><numFmt numFmtId="170" formatCode="[$-409]d\\-mmm\\-yyyy;@"/><numFmt numFmtId="172" formatCode="[h]:mm"/><numFmt numFmtId="171" formatCode="[Red]0.00&quot; days&quot;"/></numFmts><cellStyleXfs><xf numFmtId="14"/></cellStyleXfs><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="22"/><xf numFmtId="170"/><xf numFmtId="171"/><xf numFmtId="20"/><xf numFmtId="172"/></cellXfs>';
    const cells = [
      '0:45351',
      '1:45351',
      '2:45351.5625',
      '3:1',
      '4:3',
      '5:0.25',
      '1:60',
      '1:61',
      '1:-1',
      '6:1.25',
    ].map(cell => {
      const [style, value] = cell.split(':');
      return `<c s="${style}"><v>${value}</v></c>`;
    });
    expect(await values(cells, { styles })).toEqual([
      45351,
      '2024-02-29',
      '2024-02-29T13:30:00',
      '1900-01-01',
      3,
      '06:00:00',
      '1900-02-29',
      '1900-03-01',
      -1,
      '30:00:00',
    ]);
    const properties = '<workbookPr date1904="1"/>';
    expect(
      await values(['<c s="1"><v>43889</v></c>', '<c s="1"><v>0</v></c>'], { styles, properties }),
    ).toEqual(['2024-02-29', '1904-01-01']);
  });

  it('passes over empty rows, which count, and takes the first row that is not empty for the header', async () => {
    const rows =
      '<row r="3"><c r="A3" t="str"><v>a</v></c><c r="C3" t="str"><v>c</v></c></row>'.replace(
        '<c r="C3"',
        '<c r="B3" t="str"><v>b</v></c><c r="C3"',
      ) +
      '<row r="5"><c r="C5"><v>5</v></c></row><row r="6"><c r="A6"/></row><row r="9"><c r="A9"><v>9</v></c><c r="D9"><v>1</v></c></row><row><c><v>10</v></c></row>';
    expect(await read({ sheets: { S: rows } })).toEqual({
      2: { a: '', b: '', c: 5 },
      6: 'row_columns',
      7: { a: 10, b: '', c: '' },
    });
  });

  it('reads the first sheet, or the one that is named, and names those there are', async () => {
    const sheets = {
      First: `${HEADER}<row r="2"><c r="A2"><v>1</v></c></row>`,
      Second: `${HEADER}<row r="2"><c r="A2"><v>2</v></c></row>`,
    };
    expect(await read({ sheets })).toEqual({ 1: { a: 1, b: '' } });
    expect(await read({ sheets }, { sheet: 'Second' })).toEqual({ 1: { a: 2, b: '' } });
    await expect(read({ sheets }, { sheet: 'Third' })).rejects.toMatchObject({
      code: 'source_unsupported',
      message: expect.stringContaining('it has "First", "Second"'),
    });
  });

  it.each([
    ['names twice', HEADER.replace('>b<', '>a<'), 'columns 1 and 2 are both named "a"'],
    ['a gap', HEADER.replace('B1', 'C1'), 'column 2 of 3 has no name'],
    ['nothing', '', 'there is none'],
  ])('refuses a header with %s', async (_, rows, message) => {
    await expect(read({ sheets: { S: rows } })).rejects.toMatchObject({
      code: 'header_invalid',
      message: expect.stringContaining(message),
    });
  });

  it('goes on from the position of any chunk', async () => {
    const rows = Array.from(
      { length: 3500 },
      (_, n) => `<row><c><v>${n}</v></c><c><v>${n % 7}</v></c></row>`,
    );
    const source = await open({ sheets: { S: HEADER + rows.join('') } });
    const whole = await readThrough(source);
    expect(whole.rows).toHaveLength(3500);
    const read = [];
    const positions = [];
    for await (const chunk of source.rows()) {
      expect(chunk.rows.length).toBeLessThanOrEqual(1000);
      read.push(...chunk.rows);
      positions.push(chunk.position);
      const rest = (await readThrough(source, { from: chunk.position })).rows;
      expect([...read, ...rest]).toEqual(whole.rows);
      expect((await readThrough(source, { to: chunk.position })).rows).toEqual(read);
    }
    expect(positions.length).toBeGreaterThan(3);
  });

  it('tells cells above the bound by their row', async () => {
    const long = 'x'.repeat(200);
    const strings = `<si><t>${long}</t></si><si><t>short</t></si>`;
    const cells = [
      '<c t="s"><v>0</v></c>',
      '<c t="s"><v>1</v></c>',
      `<c t="inlineStr"><is><t>${long}</t></is></c>`,
      `<c><f>${long}</f></c>`,
    ];
    const options = { maxCellBytes: 100 };
    expect(await values(cells, { strings }, options)).toEqual([
      'cell_too_large',
      'short',
      'cell_too_large',
      'cell_too_large',
    ]);
  });

  it.each([
    '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]>',
    '<?xml version="1.0"?><!DOCTYPE x SYSTEM "file:///etc/passwd">',
    '<!ENTITY a SYSTEM "http://127.0.0.1/">',
  ])('refuses declarations in its XML: %s', async prolog => {
    const sheets = { S: `${HEADER}<row r="2"><c r="A2" t="str"><v>&b;</v></c></row>` };
    await expect(read({ sheets, prolog })).rejects.toMatchObject({ code: 'source_unsafe' });
    const files = workbookFiles({ sheets });
    const strings = { ...files, 'xl/sharedStrings.xml': `${prolog}<sst/>` };
    const source = openTable(memoryFile(await zipOf(strings))).then(readThrough);
    await expect(source).rejects.toMatchObject({ code: 'source_unsafe' });
  });

  it('refuses XML whose open elements or attributes would fill the memory', async () => {
    const nested = `<row>${'<a>'.repeat(300)}${'</a>'.repeat(300)}</row>`;
    const wide = `<row${Array.from({ length: 600_000 }, (_, n) => ` a${n}=""`).join('')}/>`;
    for (const xml of [nested, wide])
      await expect(read({ sheets: { S: HEADER + xml } })).rejects.toMatchObject({ code: 'source_unsafe' });
  });

  it('refuses more texts than there is room for', async () => {
    const document = await openZipped(
      memoryFile(
        await workbookOf({ sheets: { S: HEADER }, strings: '<si><t>0123456789</t></si>'.repeat(20) }),
      ),
      {},
    );
    const options = { file: 'xl/sharedStrings.xml', maxCellBytes: 100, maxBytes: 150 };
    await expect(readSharedStrings('book', document, options)).rejects.toMatchObject({
      code: 'source_unsupported',
    });
    const table = await readSharedStrings('book', document, { ...options, maxBytes: 200 });
    expect(table.get(19)).toBe('0123456789');
    table.close();
  });

  it('makes small chunks of short rows below a wide header', async () => {
    const header = Array.from({ length: 10_000 }, (_, n) => `<c t="str"><v>c${n}</v></c>`).join('');
    const rows = '<row><c><v>1</v></c></row>'.repeat(200);
    for await (const chunk of (await open({ sheets: { S: `<row>${header}</row>${rows}` } })).rows())
      expect(chunk.rows.length).toBeLessThanOrEqual(50);
  });

  it('refuses a workbook that unpacks to far more than it has', async () => {
    const rows = `<row><c t="str"><v>${'0'.repeat(3_000_000)}</v></c></row>`;
    const options = { ratioFromBytes: 1_000_000 };
    await expect(read({ sheets: { S: HEADER + rows } }, options)).rejects.toMatchObject({
      code: 'source_unsafe',
    });
    await expect(
      read({ sheets: { S: HEADER + rows } }, { maxUnpackedBytes: 2_000_000 }),
    ).rejects.toMatchObject({ code: 'source_unsafe' });
  });

  it('refuses what is cut or damaged', async () => {
    const rows = Array.from({ length: 500 }, (_, n) => `<row><c><v>${n * 7919}</v></c></row>`);
    const bytes = await workbookOf({ sheets: { S: HEADER + rows.join('') } });
    await expect(openTable(memoryFile(bytes.subarray(0, -30)))).rejects.toMatchObject({
      code: 'source_corrupt',
    });
    const at = bytes.indexOf('xl/worksheets/sheet1.xml') + 300;
    const damaged = Buffer.from(bytes);
    damaged[at] = (damaged[at] ?? 0) ^ 0xff;
    const reading = openTable(memoryFile(damaged)).then(readThrough);
    await expect(reading).rejects.toMatchObject({ code: 'source_corrupt' });
    const unfinished = `${HEADER}<row><c><v>1</v></c></row></sheetData><sheetData>`;
    const cut = { ...workbookFiles({ sheets: { S: unfinished } }) };
    cut['xl/worksheets/sheet1.xml'] = (cut['xl/worksheets/sheet1.xml'] ?? '').replace('</worksheet>', '');
    const reading2 = openTable(memoryFile(await zipOf(cut))).then(readThrough);
    await expect(reading2).rejects.toMatchObject({ code: 'source_corrupt' });
  });
});
