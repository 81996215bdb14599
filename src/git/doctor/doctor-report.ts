import type { KittiwakeError } from '../../core/errors.ts';

/** One thing that is wrong, or (`note`) worth knowing. */
export interface Finding {
  severity: 'error' | 'note';
  /** Stable: `pack_corrupt`, `object_missing`, `map_row_wrong` … Those of maps, which can be made anew, begin with `map_`. */
  code: string;
  /** What exactly, with names and ids. */
  message: string;
}

export type Report = (severity: Finding['severity'], code: string, message: string) => void;

/** The code under which a failure is reported: a file beside a pack that is not there is no missing pack. */
export function codeOf({ code, data }: KittiwakeError): string {
  const key = String(data.key);
  if (code !== 'pack_missing') return code;
  if (key.endsWith('.map')) return 'map_missing';
  if (key.endsWith('.gone')) return 'gone_missing';
  return key.endsWith('.keys') ? 'key_segment_missing' : code;
}
