/** One thing that is wrong, or (`note`) worth knowing. */
export interface Finding {
  severity: 'error' | 'note';
  /** Stable: `pack_corrupt`, `object_missing`, `map_row_wrong` … */
  code: string;
  /** What exactly, with names and ids. */
  message: string;
}

export type Report = (severity: Finding['severity'], code: string, message: string) => void;
