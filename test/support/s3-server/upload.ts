/** A multipart upload that was begun and neither completed nor aborted. */
export interface Upload {
  id: number;
  uploadId: string;
  key: string;
  startedMs: number;
  headers: Record<string, string>;
  parts: Map<number, Part>;
}

export interface Part {
  id: number;
  number: number;
  bytes: Buffer;
  /** Without quotes. */
  etag: string;
  modifiedMs: number;
}
