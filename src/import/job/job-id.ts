import { type Runtime, randomId } from '../../core/runtime.ts';

const MAX_TIME = 2 ** 48 - 1;
const TIME_DIGITS = 12;

/**
 * 32 hex digits: milliseconds until the end of 48-bit time, so that a listing has the newest first, then 80 random bits, which nobody
 * guesses.
 */
export function newJobId(runtime: Runtime): string {
  return timeText(runtime.now()) + randomId(runtime).slice(TIME_DIGITS);
}

/** The id that comes before all those that were made until then. */
export function jobIdAt(ms: number): string {
  return timeText(ms).padEnd(32, '0');
}

function timeText(ms: number): string {
  return (MAX_TIME - ms).toString(16).padStart(TIME_DIGITS, '0');
}

export function isJobId(text: string): boolean {
  return /^[0-9a-f]{32}$/.test(text);
}

/** When the id was made, in milliseconds. */
export function jobTimeMs(id: string): number {
  return MAX_TIME - Number.parseInt(id.slice(0, TIME_DIGITS), 16);
}
