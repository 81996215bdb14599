import type { Row, RowFailure } from './row.ts';

/** A file to import, wherever it lies; it does not change while it is read. */
export interface SourceFile {
  /** Shown in origins and errors: without folders. */
  readonly name: string;
  /** Bytes. */
  readonly size: number;
  /** Bytes from `start` to `end` (exclusive), cut to what is there. The buffer belongs to the caller. */
  read(start: number, end: number): Promise<Buffer>;
  /** Where it lies on this machine's disk, if it does. */
  readonly path?: string;
}

/** Where reading goes on after a chunk: JSON, understood by the source that told it. */
export type SourcePosition = unknown;

/** Some rows, at most about 1,000. */
export interface RowChunk {
  readonly rows: readonly Row[];
  readonly failures: readonly RowFailure[];
  /** Behind all of this. */
  readonly position: SourcePosition;
  /** Bytes of the source file that were read up to here. */
  readonly bytesRead: number;
  /** What was seen in passing, by kind: `link_unresolved` counts links that lead nowhere and stay as they are. */
  readonly notes?: Readonly<Record<string, number>>;
}

export interface ReadingRange {
  /** Default: the beginning. */
  from?: SourcePosition | undefined;
  /** Reading ends here: a position that another part begins at. Default: the end. */
  to?: SourcePosition | undefined;
  signal?: AbortSignal | undefined;
}

/** Rows in the order of the source, in constant memory. Reading again from a position yields what the first reading would have. */
export interface RowSource {
  readonly name: string;
  /** Bytes of the source file. */
  readonly bytesTotal: number;
  /** It cannot have more rows than this. Absent: it is not known before they are read. */
  readonly rowBound?: number;
  /**
   * @throws KittiwakeError when nothing more can be read (`source_corrupt`, `source_unsupported`, `encoding_invalid`, …); rows that
   * fail on their own are failures of their chunk
   */
  rows(options?: ReadingRange): AsyncIterable<RowChunk>;
  /**
   * Cuts it into about equal ranges, at most so many, which may be read apart: together they yield what reading all of it yields, with
   * the same numbers of rows. Absent: it is read as a whole.
   */
  parts?(most: number, signal?: AbortSignal): Promise<readonly SourcePart[]>;
  /** What the row of this number is called, where rows are files of an archive or a folder. */
  nameOf?(row: number): string | undefined;
  /** Where its records can be cut from the bytes before they are parsed: then other threads may parse them. */
  readonly records?: RecordFormat;
}

export interface SourcePart extends Pick<ReadingRange, 'from' | 'to'> {
  /** Of the source file, before it. */
  readonly startBytes: number;
}

/** A text of records that can be cut into whole records faster than it can be parsed. */
export interface RecordFormat {
  /** Whole records in turn, each piece at most about `pieceBytes` (default 2 MiB) unless one record is larger, and 16,384 records. */
  pieces(options?: ReadingRange & { pieceBytes?: number }): AsyncIterable<RecordPiece>;
  /** All that {@link parseRecords} needs in another thread, to be cloned. */
  readonly parsing: RecordParsing;
}

export interface RecordPiece {
  /** UTF-8, checked. Belongs to the caller: its memory may be transferred to another thread. May be empty. */
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Records that could not even be cut: too large, or with a quote that is never closed. They are not in `bytes`. */
  readonly failures: readonly RowFailure[];
  /** Number of the first record. */
  readonly firstRow: number;
  readonly position: SourcePosition;
  readonly bytesRead: number;
}

/** Plain data. Records are always UTF-8 here, whatever the file is in. */
export type RecordParsing =
  | {
      readonly kind: 'csv';
      readonly source: string;
      readonly columns: readonly string[];
      readonly delimiter: string;
      /** A row must have as many cells as there are columns; else short ones are filled with empty cells. */
      readonly isStrict: boolean;
      readonly maxCellBytes: number;
    }
  | { readonly kind: 'ndjson'; readonly source: string };
