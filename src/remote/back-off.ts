const FIRST_MS = 30_000;
const MOST_MS = 6 * 3_600_000;

/**
 * How long a remote is left alone after so many failures in a row: twice as long each time, 30 seconds to 6 hours, less up to a
 * quarter by chance so that those of one host do not come together.
 * @param failures at least 1
 * @param random from 0 to 1
 */
export function backOffMs(failures: number, random: number): number {
  const wholeMs = Math.min(MOST_MS, FIRST_MS * 2 ** Math.min(failures - 1, 20));
  return Math.round(wholeMs * (1 - random / 4));
}
