const DAY_MS = 86_400_000;

/** Formats that have a number and no text (ECMA-376, part 1, 18.8.30), with those of eastern Asia. */
const DATES: readonly (readonly [from: number, to: number])[] = [
  [14, 22],
  [27, 36],
  [45, 47],
  [50, 58],
];

/** What a number is shown as: a day or a time of day, or a time that elapsed (`[h]:mm`). */
export type TimeFormat = 'date' | 'elapsed' | undefined;

export function timeFormat(id: number, code: string | undefined): TimeFormat {
  if (code === undefined) {
    if (id === 46) return 'elapsed';
    return DATES.some(([from, to]) => id >= from && id <= to) ? 'date' : undefined;
  }
  const shown = code
    .replace(/\\./g, '')
    .replace(/"[^"]*"?/g, '')
    .replace(/[_*]./g, '')
    // Of brackets only elapsed time is shown: not colours, conditions and languages.
    .replace(/\[(?!(?:h+|m+|s+)\])[^\]]*\]/gi, '')
    .replace(/general/gi, '');
  const first = shown.split(';')[0] ?? '';
  if (first.includes('[')) return 'elapsed';
  return /[dmyhs]/i.test(first) ? 'date' : undefined;
}

/** `30:05:00`: hours of any number, minutes, seconds, which are rounded. */
export function elapsedTime(days: number): string {
  const seconds = Math.round(Math.abs(days) * 86_400);
  const two = (value: number) => String(value).padStart(2, '0');
  const shown = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60].map(two);
  return `${days < 0 ? '-' : ''}${shown.join(':')}`;
}

/**
 * A number of days as ISO 8601 has it: `2024-02-29`, `2024-02-29T13:45:00`, and `13:45:00` for a time without a day; undefined for
 * what is no day of the calendar. Seconds are rounded.
 */
export function isoDate(days: number, isFrom1904: boolean): string | undefined {
  if (!(days >= 0 && days < 2_958_466)) return undefined;
  const seconds = Math.round(days * 86_400);
  const whole = Math.floor(seconds / 86_400);
  const time = new Date((seconds % 86_400) * 1000).toISOString().slice(11, 19);
  if (whole === 0 && !isFrom1904) return time;
  const date = dayOf(whole, isFrom1904);
  return seconds % 86_400 === 0 ? date : `${date}T${time}`;
}

function dayOf(day: number, isFrom1904: boolean): string {
  // Spreadsheets have a 29 February in 1900, as Lotus 1-2-3 had.
  if (day === 60 && !isFrom1904) return '1900-02-29';
  const epoch = isFrom1904 ? Date.UTC(1904, 0, 1) : Date.UTC(1899, 11, day < 60 ? 31 : 30);
  return new Date(epoch + day * DAY_MS).toISOString().slice(0, 10);
}
