/** Some bytes of the text of a source. */
export interface PlainChunk {
  readonly bytes: Uint8Array;
  /** Bytes of the file that were read up to here. */
  readonly bytesRead: number;
}
