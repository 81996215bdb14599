/** Finds where records end, by their bytes: what differs between formats when a text is cut. */
export interface RecordCutter {
  /**
   * Looks at a window that begins with a record. May change bytes of whole records, so that they can be parsed apart.
   * @throws KittiwakeError `source_corrupt` where nothing behind can be told apart
   */
  cut(window: Buffer, options: CutOptions): Cut;
  /** For a record that no window holds, or that has no end: looks for it in chunks and keeps none of them. */
  skip(): RecordSkipper;
  /** Most bytes of a record. */
  readonly maxRecordBytes: number;
}

export interface CutOptions {
  /** Nothing follows the window. */
  isLast: boolean;
  /** The window ends where a part does: behind a whole record. */
  isPartEnd: boolean;
  maxRecords: number;
  /** Position of the window in the text, for errors. */
  at: number;
}

export interface Cut {
  /** Bytes of the window that are whole records. */
  readonly end: number;
  readonly records: number;
}

export interface RecordSkipper {
  /** Takes the next chunk. Bytes of it up to the end of the record; -1: it goes on behind the chunk. */
  take(chunk: Uint8Array): number;
  /**
   * What it means that the text ends here. Answers where reading goes on when a quote was left open: bytes from the beginning of
   * the record to the end of its first line.
   * @throws KittiwakeError `source_corrupt`
   */
  atEnd(): number | undefined;
}
