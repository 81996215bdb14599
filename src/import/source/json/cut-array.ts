import { sourceCorrupt } from '../../errors.ts';
import type { Cut, CutOptions, RecordCutter, RecordSkipper } from '../record-cutter.ts';
import { ElementScan } from './element-scan.ts';

const LF = 10;
const COMMA = 44;

/**
 * Cuts an array of JSON into its elements, and makes lines of them in place: the commas between elements become line feeds, line
 * feeds inside of them spaces. So they are parsed as NDJSON is. Begins behind the array's bracket.
 */
export function arrayCutter(source: string, maxRecordBytes: number): RecordCutter {
  return {
    maxRecordBytes,
    cut: (window, options) => cutArray(source, window, options),
    skip: () => elementSkipper(source),
  };
}

function cutArray(source: string, window: Buffer, options: CutOptions): Cut {
  const { isLast, isPartEnd, maxRecords, at } = options;
  const scan = new ElementScan();
  let end = 0;
  let records = 0;
  while (records < maxRecords) {
    const next = scan.endFrom(window, end);
    if (next !== -1 && window[next] !== COMMA) return lastCut(source, window, { end, records, next, isLast });
    // Something must follow a comma.
    if (next === -1 || (next + 1 === window.length && !isPartEnd)) break;
    window[next] = LF;
    end = next + 1;
    records += 1;
  }
  if (isLast && records === 0 && window.length > 0) throw unfinished(source, at);
  return { end, records };
}

/** The last element is cut with all that follows the array, so that no position lies behind the bracket. */
function lastCut(
  source: string,
  window: Buffer,
  { end, records, next, isLast }: Cut & { next: number; isLast: boolean },
): Cut {
  if (!isLast) return { end, records };
  checkBlank(source, window.subarray(next + 1));
  window[next] = LF;
  return { end: window.length, records: records + 1 };
}

function elementSkipper(source: string): RecordSkipper {
  const scan = new ElementScan();
  let isEnded = false;
  return {
    take(chunk) {
      const end = isEnded ? -1 : scan.endFrom(chunk, 0);
      if (end !== -1 && chunk[end] === COMMA) return end + 1;
      if (isEnded || end !== -1) checkBlank(source, chunk.subarray(end + 1));
      isEnded ||= end !== -1;
      return -1;
    },
    atEnd() {
      if (!isEnded) throw unfinished(source);
      return undefined;
    },
  };
}

function checkBlank(source: string, rest: Uint8Array): void {
  if (Buffer.from(rest).toString('latin1').trim() !== '')
    throw sourceCorrupt(source, 'something follows the end of its JSON array');
}

function unfinished(source: string, at?: number): Error {
  const where = at === undefined ? '' : `: the element that begins at byte ${at} has no end`;
  return sourceCorrupt(source, `its JSON array is not finished${where}`);
}
