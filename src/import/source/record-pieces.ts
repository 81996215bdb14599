import type { ReadingRange, RecordPiece } from '../source.ts';
import { ByteWindow } from './byte-window.ts';
import { invalidUtf8At } from './bytes/decode.ts';
import type { PlainBytes } from './bytes/plain-bytes.ts';
import { encodingInvalid } from './errors.ts';
import type { Cut, RecordCutter } from './record-cutter.ts';

/** Where a text of records goes on. */
export interface TextPosition {
  /** Byte of the text: that of the file, where it is neither packed nor in another encoding. */
  readonly at: number;
  /** Number of the record that begins there. */
  readonly row: number;
}

export interface PiecesOptions extends ReadingRange {
  /** Default 2 MiB. */
  pieceBytes?: number;
  /** Most records of a piece: small ones take far more memory once they are parsed. Default 16,384. */
  pieceRecords?: number;
}

/** Of a piece, at some 50 bytes each. */
const PIECE_CELLS = 500_000;

/** A text of records, and where the first of them is. */
export interface RecordText {
  /** Name of the source in origins. */
  source: string;
  plain: PlainBytes;
  cutter: RecordCutter;
  begin: TextPosition;
  /** Of each record, where they are known: cells that a row does not have take memory, too. */
  columns?: number;
}

/** Cuts a text into pieces of whole records. Memory: a piece, the next chunk of the text and one that is on its way. */
export async function* cutPieces(text: RecordText, options: PiecesOptions = {}): AsyncGenerator<RecordPiece> {
  let from = (options.from ?? text.begin) as TextPosition | undefined;
  while (from !== undefined) from = yield* cutFrom(text, from, options);
}

/** Answers where to begin again; undefined at the end. */
async function* cutFrom(
  text: RecordText,
  from: TextPosition,
  options: PiecesOptions,
): AsyncGenerator<RecordPiece, TextPosition | undefined> {
  const to = (options.to as TextPosition | undefined)?.at ?? Infinity;
  const window = new ByteWindow(text.plain.read(from.at, options.signal), to - from.at);
  const reading = new PieceReading(text, window, from);
  try {
    for (;;) {
      await reading.cut(options);
      if (reading.isAtEnd) return undefined;
      if (reading.hasRecords) yield reading.piece();
      else {
        const skipped = await reading.skip();
        yield skipped.piece;
        if (skipped.again !== undefined) return skipped.again.at < to ? skipped.again : undefined;
      }
    }
  } finally {
    await window.close();
  }
}

class PieceReading {
  readonly #text: RecordText;
  readonly #window: ByteWindow;
  #position: TextPosition;
  #cut: Cut = { end: 0, records: 0 };

  constructor(text: RecordText, window: ByteWindow, from: TextPosition) {
    this.#text = text;
    this.#window = window;
    this.#position = from;
  }

  get isAtEnd(): boolean {
    return this.#window.bytes.length === 0;
  }

  get hasRecords(): boolean {
    return this.#cut.end > 0;
  }

  /** Looks for whole records, in a larger window when there is none. */
  async cut(options: PiecesOptions): Promise<void> {
    const { pieceBytes = 2 << 20, pieceRecords = 16_384 } = options;
    const { cutter, columns = 1 } = this.#text;
    const maxRecords = Math.max(1, Math.min(pieceRecords, Math.floor(PIECE_CELLS / columns)));
    const window = this.#window;
    const { maxRecordBytes } = cutter;
    // One byte more tells whether a carriage return is followed by a line feed.
    const maxBytes = maxRecordBytes + 1;
    for (let size = Math.min(pieceBytes, maxBytes); ; size = Math.min(size * 2, maxBytes)) {
      await window.fill(size);
      const { isLast, bytes } = window;
      const isPartEnd = isLast && options.to !== undefined;
      const cut = cutter.cut(bytes, { isLast, isPartEnd, maxRecords, at: this.#position.at });
      const isTooLarge = cut.records === 1 && cut.end > maxRecordBytes;
      this.#cut = isTooLarge ? { end: 0, records: 0 } : cut;
      if (this.hasRecords || isLast || size === maxBytes) return;
    }
  }

  piece(): RecordPiece {
    const firstRow = this.#position.row;
    const begin = this.#position.at;
    const { end, records } = this.#cut;
    const bytes = this.#window.take(end);
    const invalid = invalidUtf8At(bytes);
    if (invalid !== -1) throw encodingInvalid(this.#text.plain.name, 'UTF-8', begin + invalid);
    this.#position = { at: begin + end, row: firstRow + records };
    return { bytes, failures: [], firstRow, ...this.#progress() };
  }

  /** Passes over a record that cannot be cut; `again` where it never ends: behind its first line. */
  async skip(): Promise<{ piece: RecordPiece; again: TextPosition | undefined }> {
    const { at, row } = this.#position;
    const skipper = this.#text.cutter.skip();
    const passed = await this.#window.passOver(chunk => skipper.take(chunk));
    const unclosedAfter = passed.isAtEnd ? skipper.atEnd() : undefined;
    const isUnclosed = unclosedAfter !== undefined;
    this.#position = { at: at + (unclosedAfter ?? passed.bytes), row: row + 1 };
    const failure = isUnclosed ? UNCLOSED : tooLarge(this.#text.cutter.maxRecordBytes);
    const origins = [{ source: this.#text.source, row }];
    const failures = [{ origins, ...failure }];
    const piece = { bytes: new Uint8Array(0), failures, firstRow: row, ...this.#progress() };
    return { piece, again: isUnclosed ? this.#position : undefined };
  }

  #progress(): { position: TextPosition; bytesRead: number } {
    const { plain } = this.#text;
    const position = this.#position;
    return { position, bytesRead: plain.isDirect ? position.at : this.#window.bytesRead };
  }
}

const UNCLOSED = {
  code: 'csv_quote_unclosed',
  message:
    'Reading a row: a quote that begins in it is never closed; what follows its first line is read as rows',
};

function tooLarge(maxBytes: number): { code: string; message: string } {
  const message = `Reading a row: it has more than ${maxBytes} bytes, which is the limit`;
  return { code: 'row_too_large', message };
}
