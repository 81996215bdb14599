import { cellInvalid } from '../../operator/errors.ts';
import type { Cell } from '../../row.ts';

/** ISO 8601 as RFC 3339 has it, where the time, the seconds and the zone may be left out (then it is UTC). */
const ISO = /^(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:[.,]\d+)?)?(Z|[+-]\d\d:?\d\d)?)?$/;
const TOKEN = /YYYY|MM|DD|HH|mm|ss/g;

/**
 * A date in another form, in UTC. `YYYY`, `MM`, `DD`, `HH`, `mm` and `ss` are filled in.
 * @param cell text as {@link ISO}, or a number of seconds since 1970
 * @throws KittiwakeError `cell_invalid`
 */
export function formatDate(cell: Cell, format: string, column: string): string {
  const date = dateOf(cell);
  if (date === undefined) {
    throw cellInvalid(`column "${column}"`, 'a date such as 2026-03-28 or 2026-03-28T12:00:00Z');
  }
  const text = date.toISOString();
  const fields: Record<string, string> = {
    YYYY: text.slice(0, 4),
    MM: text.slice(5, 7),
    DD: text.slice(8, 10),
    HH: text.slice(11, 13),
    mm: text.slice(14, 16),
    ss: text.slice(17, 19),
  };
  return format.replace(TOKEN, token => fields[token] ?? token);
}

function dateOf(cell: Cell): Date | undefined {
  if (typeof cell === 'number') return inRange(cell * 1000);
  const match = typeof cell === 'string' ? ISO.exec(cell.trim()) : null;
  if (match === null) return undefined;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = match
    .slice(1, 7)
    .map(part => Number(part ?? 0));
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  date.setUTCHours(hour, minute, second);
  const exists = date.getUTCMonth() === month - 1 && date.getUTCDate() === day && date.getUTCHours() === hour;
  if (!exists || minute > 59 || second > 59) return undefined;
  return inRange(date.getTime() - eastMs(match[7]));
}

function eastMs(zone: string | undefined): number {
  if (zone === undefined || zone === 'Z') return 0;
  const ms = (Number(zone.slice(1, 3)) * 60 + Number(zone.slice(-2))) * 60_000;
  return zone.startsWith('-') ? -ms : ms;
}

/** Of the years 0 to 9999, which have four digits. */
function inRange(ms: number): Date | undefined {
  const date = new Date(ms);
  const year = date.getUTCFullYear();
  return year >= 0 && year <= 9999 ? date : undefined;
}
