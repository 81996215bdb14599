/** What an import came to. */
export interface ImportReport {
  /** Pages and other files that were brought in. */
  pages: number;
  attachments: number;
  /** Files that were there with the same content, or were left as they are because of `--skip`. */
  unchanged: number;
  kept: number;
  bytes: number;
  /** New commits; 0 when there was nothing to do. */
  commits: number;
  /** Undefined when there was nothing to do. */
  head: string | undefined;
  /** What was not brought in, and why. */
  left: { path: string; reason: string }[];
  /** Lines worth knowing. */
  notes: string[];
}

/** Told how far an import is. */
export interface ImportProgress {
  /** Begins a phase of `total` steps; 0 when their number is not known. */
  phase(label: string, unit: string, total: number): void;
  advance(steps: number): void;
}
