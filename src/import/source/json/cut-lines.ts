import type { Cut, CutOptions, RecordCutter, RecordSkipper } from '../record-cutter.ts';

/** Cuts lines at line feeds, which no string of JSON and no other character of UTF-8 holds. */
export function lineCutter(maxRecordBytes: number): RecordCutter {
  return {
    maxRecordBytes,
    cut: (window, options) => cutLines(window.toString('latin1'), options),
    skip: (): RecordSkipper => ({ take: chunk => chunk.indexOf(10) + 1 || -1, atEnd: () => undefined }),
  };
}

function cutLines(text: string, { isLast, maxRecords }: CutOptions): Cut {
  let end = 0;
  let records = 0;
  while (records < maxRecords && end < text.length) {
    const found = text.indexOf('\n', end);
    if (found === -1 && !isLast) break;
    end = found === -1 ? text.length : found + 1;
    records += 1;
  }
  return { end, records };
}
