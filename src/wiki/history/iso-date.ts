/**
 * Reads a date or time as Python 3.11's `datetime.fromisoformat` does: `2026-11-21`, `20261121`, `2026-W47-6`, with any
 * one character between it and the time, with fractions, with an offset or `Z`. Without an offset it is UTC.
 * @returns milliseconds since the epoch, or undefined when it is no such date
 */
export function parseIsoDate(text: string): number | undefined {
  const chars = [...text];
  if (chars.length < 7) return undefined;
  const separator = separatorIndex(chars);
  const day = parseDay(chars.slice(0, separator).join(''));
  const time = chars.slice(separator + 1).join('');
  if (day === undefined || chars.length <= separator) return day;
  const zone = time.search(/[-+Z]/);
  const clock = parseClock(zone < 0 ? time : time.slice(0, zone), zone >= 0);
  const offset = zone < 0 ? 0 : parseOffset(time.slice(zone));
  if (clock === undefined || offset === undefined || clock >= DAY_MS) return undefined;
  return day + clock - offset;
}

const DAY_MS = 86_400_000;

/** Where the date ends. The rules of `_find_isoformat_datetime_separator`. */
function separatorIndex(chars: readonly string[]): number {
  const isDigit = (index: number): boolean => /^[0-9]$/.test(chars[index] ?? '');
  if (chars.length === 7) return 7;
  if (chars[4] === '-') {
    if (chars[5] !== 'W') return 10;
    if (chars[8] !== '-') return 8;
    // `2026-W47-10…`: the hyphen is the separator, and ten the hour.
    return isDigit(10) ? 8 : 10;
  }
  if (chars[4] !== 'W') return 8;
  let digits = 7;
  while (isDigit(digits)) digits++;
  if (digits < 9) return digits;
  return digits % 2 === 0 ? 7 : 8;
}

function parseDay(text: string): number | undefined {
  const week = /^([0-9]{4})(-?)W([0-9]{2})(?:\2([0-9]))?$/.exec(text);
  if (week !== null) return isoWeekDay(Number(week[1]), Number(week[3]), Number(week[4] ?? 1));
  const date = /^([0-9]{4})(-?)([0-9]{2})\2([0-9]{2})$/.exec(text);
  if (date === null) return undefined;
  const [year, month, day] = [Number(date[1]), Number(date[3]), Number(date[4])];
  const time = utcDay(year, month - 1, day);
  return year >= 1 && new Date(time).getUTCMonth() === month - 1 && day >= 1 ? time : undefined;
}

function isoWeekDay(year: number, week: number, weekday: number): number | undefined {
  if (year < 1 || week < 1 || weekday < 1 || weekday > 7) return undefined;
  const fourth = utcDay(year, 0, 4);
  const firstMonday = fourth - ((new Date(fourth).getUTCDay() + 6) % 7) * DAY_MS;
  const day = firstMonday + ((week - 1) * 7 + weekday - 1) * DAY_MS;
  // The Thursday decides which year a week belongs to.
  const thursday = firstMonday + ((week - 1) * 7 + 3) * DAY_MS;
  return new Date(thursday).getUTCFullYear() === year ? day : undefined;
}

function utcDay(year: number, month: number, day: number): number {
  const date = new Date(0);
  return date.setUTCFullYear(year, month, day);
}

/**
 * `HH`, `HH:MM`, `HH:MM:SS`, or without colons, with a fraction of a second; in milliseconds. Before an offset the
 * original passes over one more character, and so does this.
 */
function parseClock(text: string, beforeOffset: boolean): number | undefined {
  const clock = beforeOffset ? text.replace(STRAY, '$1') : text;
  const match = CLOCK.exec(clock);
  if (match === null) return undefined;
  const [hours, minutes, seconds] = [Number(match[1]), Number(match[3] ?? 0), Number(match[4] ?? 0)];
  if (minutes > 59 || seconds > 59) return undefined;
  const micros = Number((match[5] ?? '').slice(0, 6).padEnd(6, '0'));
  return ((hours * 60 + minutes) * 60 + seconds) * 1000 + micros / 1000;
}

const CLOCK = /^([0-9]{2})(?:(:?)([0-9]{2})(?:\2([0-9]{2}))?)?(?:[.,]([0-9]+))?$/;
const STRAY = /^([0-9]{2}(?:(:?)[0-9]{2}(?:\2[0-9]{2})?)?).$/;

/** `Z`, or a sign and a clock time. */
function parseOffset(text: string): number | undefined {
  if (text === 'Z') return 0;
  const clock = text.startsWith('Z') ? undefined : parseClock(text.slice(1), false);
  if (clock === undefined || clock >= DAY_MS) return undefined;
  return text.startsWith('-') ? -clock : clock;
}
