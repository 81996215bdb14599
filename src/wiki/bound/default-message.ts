const DAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];
const MONTHS = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
];

/** strftime(3) of the C locale, in UTC. */
const CODES: Readonly<Record<string, (at: Date) => string>> = {
  a: at => (DAYS[at.getUTCDay()] ?? '').slice(0, 3),
  A: at => DAYS[at.getUTCDay()] ?? '',
  b: at => (MONTHS[at.getUTCMonth()] ?? '').slice(0, 3),
  B: at => MONTHS[at.getUTCMonth()] ?? '',
  d: at => two(at.getUTCDate()),
  D: at => `${two(at.getUTCMonth() + 1)}/${two(at.getUTCDate())}/${two(at.getUTCFullYear() % 100)}`,
  e: at => String(at.getUTCDate()).padStart(2),
  F: at => at.toISOString().slice(0, 10),
  H: at => two(at.getUTCHours()),
  I: at => two(at.getUTCHours() % 12 || 12),
  j: at => String(dayOfYear(at)).padStart(3, '0'),
  m: at => two(at.getUTCMonth() + 1),
  M: at => two(at.getUTCMinutes()),
  p: at => (at.getUTCHours() < 12 ? 'AM' : 'PM'),
  R: at => at.toISOString().slice(11, 16),
  S: at => two(at.getUTCSeconds()),
  s: at => String(Math.floor(at.getTime() / 1000)),
  T: at => at.toISOString().slice(11, 19),
  y: at => two(at.getUTCFullYear() % 100),
  Y: at => String(at.getUTCFullYear()),
  z: () => '+0000',
  Z: () => 'UTC',
  '%': () => '%',
};

/**
 * A message by a template: `%P` is the page, and codes of strftime are the time, in UTC; other codes stay as they are. What a
 * summary says in further lines follows it.
 * @param nowMs since the epoch
 */
export function defaultMessage(
  template: string,
  { subject, summary }: { subject: string; summary: string },
  nowMs: number,
): string {
  const at = new Date(nowMs);
  const text = template.replace(/%([A-Za-z%])/g, (code, letter: string) =>
    letter === 'P' ? subject : (CODES[letter]?.(at) ?? code),
  );
  const rest = summary.indexOf('\n');
  return rest < 0 ? text : `${text}${summary.slice(rest)}`;
}

function two(value: number): string {
  return String(value).padStart(2, '0');
}

function dayOfYear(at: Date): number {
  return Math.floor((at.getTime() - Date.UTC(at.getUTCFullYear(), 0, 1)) / 86_400_000) + 1;
}
