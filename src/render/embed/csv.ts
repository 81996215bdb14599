/**
 * Rows of a CSV text (RFC 4180, with any separator and quote): in linear time, broken quotes taken as they stand.
 * @param maxCells further cells are not read
 */
export function readCsv(
  text: string,
  { separator, quote, maxCells }: { separator: string; quote: string; maxCells: number },
): { rows: string[][]; isCut: boolean } {
  const rows: string[][] = [];
  let [at, cells] = [0, 0];
  let row: string[] = [];
  while (at < text.length && cells < maxCells) {
    const cell = readCell(text, at, separator, quote);
    row.push(cell.value);
    cells += 1;
    at = cell.end;
    if (text[at] === separator) {
      at += 1;
      if (at < text.length) continue;
      row.push('');
    }
    if (text[at] === '\r') at += 1;
    if (text[at] === '\n') at += 1;
    if (row.length > 1 || row[0] !== '') rows.push(row);
    row = [];
  }
  if (row.length > 0) rows.push(row);
  return { rows, isCut: at < text.length };
}

/** `end`: of the separator or line break behind it, or of the text. */
function readCell(
  text: string,
  start: number,
  separator: string,
  quote: string,
): { value: string; end: number } {
  if (text[start] !== quote) {
    const end = plainEnd(text, start, separator);
    return { value: text.slice(start, end), end };
  }
  let value = '';
  let at = start + 1;
  for (;;) {
    const close = text.indexOf(quote, at);
    if (close < 0) return { value: value + text.slice(at), end: text.length };
    value += text.slice(at, close);
    at = close + 1;
    if (text[at] !== quote) break;
    value += quote;
    at += 1;
  }
  const end = plainEnd(text, at, separator);
  return { value: value + text.slice(at, end), end };
}

function plainEnd(text: string, from: number, separator: string): number {
  let at = from;
  while (at < text.length && text[at] !== separator && text[at] !== '\n' && text[at] !== '\r') at++;
  return at;
}
