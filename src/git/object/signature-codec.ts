import type { Signature } from './objects.ts';

const MAX_OFFSET_MINUTES = 99 * 60 + 59;

/**
 * A signature as in a commit's `author` line: `Name <email> seconds +hhmm`. Name and email are cleaned as git does:
 * without NUL, newline and angle brackets, and without punctuation and white space around them.
 */
export function encodeSignature(signature: Signature): string {
  const name = withoutCrud(signature.name);
  const email = withoutCrud(signature.email);
  const seconds = Math.min(Math.max(0, Math.trunc(signature.seconds) || 0), Number.MAX_SAFE_INTEGER);
  return `${name} <${email}> ${seconds} ${encodeOffset(signature.offsetMinutes)}`;
}

function withoutCrud(text: string): string {
  let start = 0;
  let end = text.length;
  while (start < end && isCrud(text.charCodeAt(start))) start += 1;
  while (end > start && isCrud(text.charCodeAt(end - 1))) end -= 1;
  return text.slice(start, end).replaceAll(/[\0\n<>]/g, '');
}

/** What git's ident.c strips from both ends of names and addresses. */
function isCrud(code: number): boolean {
  return code <= 32 || '.,:;<>"\\\''.includes(String.fromCharCode(code));
}

function encodeOffset(offsetMinutes: number): string {
  const minutes = Math.min(Math.abs(Math.trunc(offsetMinutes) || 0), MAX_OFFSET_MINUTES);
  const sign = offsetMinutes < 0 && minutes > 0 ? '-' : '+';
  return `${sign}${String(Math.floor(minutes / 60)).padStart(2, '0')}${String(minutes % 60).padStart(2, '0')}`;
}

/** Reads what git reads: the first `<`, the last `>`, then a date; what is missing is empty or zero. */
export function decodeSignature(line: string): Signature {
  const close = line.lastIndexOf('>');
  const open = line.indexOf('<');
  const hasEmail = open >= 0 && open < close;
  const date = /^\s*(\d+)(?:\s+([+-])(\d+))?/.exec(close < 0 ? '' : line.slice(close + 1));
  const seconds = Number(date?.[1] ?? 0);
  return {
    name: (hasEmail ? line.slice(0, open) : close < 0 ? line : line.slice(0, close)).trim(),
    email: hasEmail ? line.slice(open + 1, firstClose(line, open)).trim() : '',
    seconds: Number.isSafeInteger(seconds) ? seconds : 0,
    offsetMinutes: decodeOffset(date?.[2], date?.[3]),
  };
}

function firstClose(line: string, open: number): number {
  return line.indexOf('>', open);
}

function decodeOffset(sign: string | undefined, digits: string | undefined): number {
  if (!digits) return 0;
  const value = Number(digits);
  const minutes = Math.floor(value / 100) * 60 + (value % 100);
  if (minutes === 0 || minutes > MAX_OFFSET_MINUTES) return 0;
  return sign === '-' ? -minutes : minutes;
}
