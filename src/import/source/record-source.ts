import type { ReadingRange, RecordParsing, RowChunk, RowSource } from '../source.ts';
import { parseRecords } from './parse-records.ts';
import { cutPieces, type RecordText } from './record-pieces.ts';

// So that a chunk keeps little memory when few of its rows are kept.
const CHUNK_BYTES = 256 << 10;
const CHUNK_RECORDS = 1000;

/** A text of records as a source of rows. */
export function recordSource(text: RecordText, parsing: RecordParsing): RowSource {
  return {
    name: parsing.source,
    bytesTotal: text.plain.fileBytes,
    records: { parsing, pieces: options => cutPieces(text, options) },
    rows: options => rowChunks(text, parsing, options),
  };
}

async function* rowChunks(
  text: RecordText,
  parsing: RecordParsing,
  options?: ReadingRange,
): AsyncGenerator<RowChunk> {
  const bounds = { pieceBytes: CHUNK_BYTES, pieceRecords: CHUNK_RECORDS };
  for await (const piece of cutPieces(text, { ...options, ...bounds })) {
    const { rows, failures } = parseRecords(piece.bytes, parsing, piece.firstRow);
    const { position, bytesRead } = piece;
    yield { rows, failures: [...failures, ...piece.failures], position, bytesRead };
  }
}
