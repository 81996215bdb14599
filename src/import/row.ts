/** What sources yield and operators work on. */
export interface Row {
  /** By column. The object has no prototype's names to fear: sources refuse a column `__proto__`. */
  readonly values: Readonly<Record<string, Cell>>;
  readonly origins: Origins;
}

export type Cell =
  | string
  | number
  | boolean
  | null
  | FileContent
  | readonly Cell[]
  | { readonly [name: string]: Cell };

/** A row of a source. */
export interface Origin {
  /** The source's name in the pipeline, or that of its file. */
  readonly source: string;
  /** From 1; of an archive the position of its entry, of a table without its header. */
  readonly row: number;
}

/**
 * Where a row came from: sorted by source (code units), then row, each origin once. So it does not tell in which order joins took
 * their inputs.
 */
export type Origins = readonly Origin[];

/** Bytes that are read when they are needed, any number of times: a file of an archive or a folder. */
export interface FileContent {
  /** Bytes. */
  readonly size: number;
  open(): AsyncIterable<Uint8Array>;
}

/** A row that could not be read or made a page of. Never holds what the row holds. */
export interface RowFailure {
  readonly origins: Origins;
  /** Stable, for example `csv_quote_unclosed`. */
  readonly code: string;
  /** What was wrong and what would be right. */
  readonly message: string;
  /** Where the row is a file of an archive or a folder: its name there, of a long one the end. A place, not what the row holds. */
  readonly place?: string;
}
