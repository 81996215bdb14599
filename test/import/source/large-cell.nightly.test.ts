import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';

const CHILD = join(import.meta.dirname, 'read-generated.child.ts');
const BYTES = 2 ** 30;

async function read(head: string, filler: string, tail: string) {
  const args = [CHILD, head, filler, String(Math.ceil(BYTES / filler.length)), tail];
  const { stdout } = await promisify(execFile)(process.execPath, args);
  const { peakBytes, ...found } = JSON.parse(stdout);
  expect(peakBytes).toBeLessThan(400e6);
  return found;
}

describe('a cell of a gigabyte', () => {
  it('in quotes is a failure of its row, and reading goes on behind it', async () => {
    const found = await read('a,b\n1,2\n3,"', 'text with ""quotes"", and\nlines\r\n', '"\n5,6\n');
    expect(found).toEqual({ rows: 2, codes: { 'row_too_large of row 2': 1 } });
  });

  it('without quotes is a failure of its row, and reading goes on behind it', async () => {
    const found = await read('a,b\n1,2\n3,', 'text and more of it', '\r\n5,6');
    expect(found).toEqual({ rows: 2, codes: { 'row_too_large of row 2': 1 } });
  });

  it('that is a quote never closed names the row of the quote, and its lines are read as rows', async () => {
    const found = await read('a,b\n1,2\n3,"four\n', `x,${'y'.repeat(1021)}\n`, '5,6\n');
    expect(found).toEqual({ rows: 2 + BYTES / 1024, codes: { 'csv_quote_unclosed of row 2': 1 } });
  });

  it('in a line of NDJSON is a failure of its row, and reading goes on behind it', async () => {
    const found = await read('{"a":1}\n{"a":"', 'text and more of it', '"}\n{"a":3}\n');
    expect(found).toEqual({ rows: 2, codes: { 'row_too_large of row 2': 1 } });
  });

  it('in an array of JSON is a failure of its row, and reading goes on behind it', async () => {
    const found = await read('[{"a":1},{"a":"', 'text, and \\"more\\" of it', '"},{"a":3}]');
    expect(found).toEqual({ rows: 2, codes: { 'row_too_large of row 2': 1 } });
  });
});
