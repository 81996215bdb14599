import type { JsonValue } from './json-value.ts';

/**
 * What a plain scalar means in YAML 1.1 as PyYAML's safe loader reads it, in the JSON that the API shows: dates as HTTP
 * dates in GMT. Patterns: yaml.org/type, as implemented by PyYAML (`y` and `n` are text, exponents need a sign).
 */
export function resolvePlain(text: string): JsonValue {
  const isWord = isLetter(text.charCodeAt(0));
  if (isWord && text.length > LONGEST_WORD) return text;
  if (NULL.test(text)) return null;
  if (BOOLEAN.test(text)) return readBoolean(text) ?? text;
  if (isWord) return text;
  if (INTEGER.test(text)) return readInteger(text) ?? text;
  if (FLOAT.test(text)) return readFloat(text) ?? text;
  if (TIMESTAMP.test(text)) return readTimestamp(text) ?? text;
  return text;
}

/** `false`: no longer one means anything, and nothing else that has a meaning begins with a letter. */
const LONGEST_WORD = 5;

/** Of ASCII, in either case. */
function isLetter(unit: number): boolean {
  const lower = unit | 0x20;
  return lower >= 97 && lower <= 122;
}

const NULL = /^(?:~|null|Null|NULL|)$/;
const BOOLEAN = /^(?:yes|Yes|YES|no|No|NO|true|True|TRUE|false|False|FALSE|on|On|ON|off|Off|OFF)$/;
const INTEGER =
  /^(?:[-+]?0b[01_]+|[-+]?0[0-7_]+|[-+]?(?:0|[1-9][0-9_]*)|[-+]?0x[0-9a-fA-F_]+|[-+]?[1-9][0-9_]*(?::[0-5]?[0-9])+)$/;
const FLOAT =
  /^(?:[-+]?[0-9][0-9_]*\.[0-9_]*(?:[eE][-+][0-9]+)?|\.[0-9][0-9_]*(?:[eE][-+][0-9]+)?|[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+\.[0-9_]*|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))$/;
const TIMESTAMP =
  /^([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})(?:(?:[Tt]|[ \t]+)([0-9]{1,2}):([0-9]{2}):([0-9]{2})(?:\.[0-9]*)?(?:[ \t]*(?:Z|([-+])([0-9]{1,2})(?::([0-9]{2}))?))?)?$/;
const DATE_ONLY = /^[0-9]{4}-[0-9]{2}-[0-9]{2}$/;

/** `!!bool`. */
export function readBoolean(text: string): boolean | undefined {
  if (/^(?:yes|true|on)$/i.test(text)) return true;
  return /^(?:no|false|off)$/i.test(text) ? false : undefined;
}

/** `!!int`: binary, octal with a leading zero, hexadecimal, base 60 with colons. */
export function readInteger(text: string): number | undefined {
  const plain = text.replaceAll('_', '');
  const sign = plain.startsWith('-') ? -1 : 1;
  const digits = plain.replace(/^[-+]/, '');
  const value = digits.includes(':') ? sexagesimal(digits) : unsigned(digits);
  // Zero has no sign among Python's integers.
  return Number.isNaN(value) ? undefined : sign * value + 0;
}

function unsigned(digits: string): number {
  if (!/^(?:0b[01]+|0[0-7]*|0x[0-9a-fA-F]+|[1-9][0-9]*)$/.test(digits)) return Number.NaN;
  return Number(/^0[0-7]+$/.test(digits) ? `0o${digits}` : digits);
}

/** `!!float`. What JSON cannot say (infinity, not a number) becomes text. */
export function readFloat(text: string): number | string | undefined {
  const plain = text.replaceAll('_', '').toLowerCase();
  const sign = plain.startsWith('-') ? -1 : 1;
  const digits = plain.replace(/^[-+]/, '');
  if (digits === '.inf') return String(sign * Number.POSITIVE_INFINITY);
  if (digits === '.nan') return 'NaN';
  if (!/^[0-9.:]+(?:e[-+]?[0-9]+)?$/.test(digits)) return undefined;
  const value = digits.includes(':') ? sexagesimal(digits) : Number(digits);
  if (Number.isNaN(value)) return undefined;
  return Number.isFinite(value) ? sign * value : String(sign * value);
}

function sexagesimal(digits: string): number {
  return digits.split(':').reduce((sum, part) => sum * 60 + Number(part === '' ? Number.NaN : part), 0);
}

/** `!!timestamp`, as an HTTP date. Undefined when there is no such day or time. */
export function readTimestamp(text: string): string | undefined {
  const match = TIMESTAMP.exec(text);
  if (match === null) return undefined;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = match
    .slice(1, 7)
    .map(part => Number(part ?? 0));
  if (match[4] === undefined && !DATE_ONLY.test(text)) return undefined;
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  date.setUTCHours(hour, minute, second);
  const exists =
    year > 0 && date.getUTCMonth() === month - 1 && date.getUTCDate() === day && date.getUTCHours() === hour;
  if (!exists || minute > 59 || second > 59) return undefined;
  const offsetMinutes = Number(match[8] ?? 0) * 60 + Number(match[9] ?? 0);
  const east = match[7] === '-' ? -offsetMinutes : offsetMinutes;
  return new Date(date.getTime() - east * 60_000).toUTCString();
}
