import { isKittiwakeError } from '../../../core/errors.ts';
import type { Row } from '../../row.ts';
import { openTable } from '../../source/open-source.ts';
import type { RowSource } from '../../source.ts';

/** Larger databases are shown as the file that they are. */
const MAX_ROWS = 2_000;
export const MAX_TABLE_BYTES = 1 << 20;

/** A page of the database that a title names, as a link's destination. */
export type FindRow = (title: string) => string | undefined;

/** What a cell of a relation names: `Title (Folder%20id/Title%20id.md)`. */
export type FindReference = (destination: string) => string | undefined;

/**
 * A database of Notion, which is exported as CSV, as a table of Markdown whose first column leads to the pages of its rows. Undefined
 * where it has too many rows, or its header cannot be read.
 */
export async function databaseTable(
  csv: Buffer,
  { findRow, findReference }: { findRow: FindRow; findReference: FindReference },
): Promise<string | undefined> {
  const rows = await rowsOf(csv);
  const columns = rows?.[0] && Object.keys(rows[0].values);
  if (rows === undefined || columns === undefined) return undefined;
  const lines = [columns.map(escaped), columns.map(() => '---')];
  for (const { values } of rows) {
    const cells = columns.map(column => cellText(String(values[column] ?? ''), findReference));
    const title = String(values[columns[0] ?? ''] ?? '');
    const page = title === '' ? undefined : findRow(title);
    lines.push(page === undefined ? cells : [`[${escaped(title)}](${page})`, ...cells.slice(1)]);
  }
  return lines.map(cells => `| ${cells.join(' | ')} |\n`).join('');
}

/** Names of the properties of a database; none where its header cannot be read. @param head the first bytes of its CSV file */
export async function databaseColumns(head: Buffer): Promise<ReadonlySet<string>> {
  try {
    const parsing = (await openCsvBytes(head)).records?.parsing;
    return new Set(parsing?.kind === 'csv' ? parsing.columns : []);
  } catch (error) {
    if (isKittiwakeError(error)) return new Set();
    throw error;
  }
}

function openCsvBytes(csv: Buffer): Promise<RowSource> {
  const file = {
    name: 'database.csv',
    size: csv.length,
    read: async (start: number, end: number) => Buffer.from(csv.subarray(start, end)),
  };
  return openTable(file, { format: 'csv', delimiter: ',' });
}

async function rowsOf(csv: Buffer): Promise<Row[] | undefined> {
  try {
    const rows: Row[] = [];
    for await (const chunk of (await openCsvBytes(csv)).rows()) {
      rows.push(...chunk.rows);
      if (rows.length > MAX_ROWS) return undefined;
    }
    return rows;
  } catch (error) {
    if (isKittiwakeError(error)) return undefined;
    throw error;
  }
}

function cellText(value: string, find: FindReference): string {
  let text = '';
  let at = 0;
  for (const found of value.matchAll(/ \(([^()\s]+\.md)\)/g)) {
    const [whole, destination = ''] = found;
    const page = find(destination);
    if (page === undefined) continue;
    const before = value.slice(at, found.index);
    const comma = before.lastIndexOf(', ');
    const titleStart = comma < 0 ? 0 : comma + 2;
    text += `${escaped(before.slice(0, titleStart))}[${escaped(before.slice(titleStart))}](${page})`;
    at = found.index + whole.length;
  }
  return text + escaped(value.slice(at));
}

function escaped(text: string): string {
  return text.replace(/[\\`*_[\]<|]/g, '\\$&').replace(/\r?\n/g, '<br>');
}
