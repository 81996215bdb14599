import type { Cut, CutOptions, RecordCutter } from '../record-cutter.ts';
import { CsvSkipper } from './skip-csv.ts';

/**
 * Cuts comma-separated text into records, as RFC 4180 has them and people write them: lines end with LF, CR or both, mixed; a cell
 * that begins with a quote goes on to the next quote that is not doubled; a quote elsewhere is a character.
 */
export function csvCutter(delimiter: string, maxRecordBytes: number): RecordCutter {
  return {
    maxRecordBytes,
    cut: (window, options) => cutCsv(window.toString('latin1'), delimiter, options),
    skip: () => new CsvSkipper(delimiter.charCodeAt(0)),
  };
}

/** @param text a byte a character: what matters here is ASCII, of which UTF-8 has no byte in other characters */
function cutCsv(text: string, delimiter: string, options: CutOptions): Cut {
  const { isLast, maxRecords } = options;
  const found = { quote: -1, lf: -1, cr: -1 };
  let start = 0;
  let records = 0;
  while (start < text.length && records < maxRecords) {
    const end = recordEnd(text, start, delimiter, found, isLast);
    if (end === UNFINISHED) break;
    start = end;
    records += 1;
  }
  return { end: start, records };
}

const UNFINISHED = -1;

/** Next places of what matters, kept over records: each is looked for once. Infinity: none is left. */
interface Found {
  quote: number;
  lf: number;
  cr: number;
}

function recordEnd(text: string, start: number, delimiter: string, found: Found, isLast: boolean): number {
  let at = start;
  for (;;) {
    if (found.lf < at) found.lf = next(text, '\n', at);
    if (found.cr < at) found.cr = next(text, '\r', at);
    if (found.quote < at) found.quote = next(text, '"', at);
    const lineEnd = Math.min(found.lf, found.cr);
    const { quote } = found;
    if (lineEnd < quote) return behindLineEnd(text, lineEnd, isLast);
    if (quote === Infinity) return isLast ? text.length : UNFINISHED;
    if (quote !== start && text[quote - 1] !== delimiter) {
      at = quote + 1;
      continue;
    }
    const closed = closingQuote(text, quote);
    if (closed === -1) return UNFINISHED;
    at = closed + 1;
  }
}

function next(text: string, character: string, from: number): number {
  const at = text.indexOf(character, from);
  return at === -1 ? Infinity : at;
}

function behindLineEnd(text: string, lineEnd: number, isLast: boolean): number {
  if (text[lineEnd] === '\n') return lineEnd + 1;
  if (text[lineEnd + 1] === '\n') return lineEnd + 2;
  // A carriage return at the end of the window may be half of a line's end.
  return lineEnd + 1 === text.length && !isLast ? UNFINISHED : lineEnd + 1;
}

/** The quote that closes the cell which begins with one at `open`, or -1. */
export function closingQuote(text: string, open: number): number {
  let quote = nextQuote(text, open + 1);
  while (quote !== -1 && text.charCodeAt(quote + 1) === QUOTE) quote = nextQuote(text, quote + 2);
  return quote;
}

const QUOTE = 34;
/** So far a loop is faster than a search, which costs as much as some dozens of characters to begin. */
export const NEAR = 32;

function nextQuote(text: string, from: number): number {
  const stop = Math.min(text.length, from + NEAR);
  for (let at = from; at < stop; at++) if (text.charCodeAt(at) === QUOTE) return at;
  return text.indexOf('"', stop);
}
