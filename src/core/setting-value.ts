/** One row of the table of settings. How it is given as a flag, and what it means: `setting-texts.ts`. */
export interface Setting<T> {
  /** The first is ours; the others are read for compatibility. */
  variables: readonly [string, ...string[]];
  /** Of several variables that are set the first counts; otherwise they must agree. */
  firstCounts?: true;
  /** As it would be typed. `''`: not set. */
  default: string;
  secret?: true;
  /** The value, or undefined when the text is wrong; then `wanted` says what would be right. */
  parse(text: string): T | undefined;
  /** Reads on from "it must be". */
  wanted: string;
}

export const setting = <T>(row: Setting<T>): Setting<T> => row;

/** Parsers of settings: the typed value, or undefined when the text is none. */

export function parseText(holds: (text: string) => boolean): (text: string) => string | undefined {
  return text => (text !== '' && holds(text) ? text : undefined);
}

export function parseWhole(min: number, max: number): (text: string) => number | undefined {
  return text => {
    if (!/^\d{1,15}$/.test(text)) return undefined;
    const value = Number(text);
    return value >= min && value <= max ? value : undefined;
  };
}

export function parseChoice<T extends string>(choices: readonly T[]): (text: string) => T | undefined {
  return text => choices.find(choice => choice === text.toLowerCase());
}

export function parseSwitch(text: string): boolean | undefined {
  if (/^(true|yes|on|1)$/i.test(text)) return true;
  return /^(false|no|off|0)$/i.test(text) ? false : undefined;
}

const UNITS: Readonly<Record<string, number>> = { '': 1, b: 1, kib: 1024, mib: 1024 ** 2, gib: 1024 ** 3 };

/** Bytes, or a number with KiB, MiB or GiB. */
export function parseByteSize(minBytes: number, maxBytes: number): (text: string) => number | undefined {
  return text => {
    const match = /^(\d{1,15}) ?([a-z]*)$/i.exec(text);
    const unit = UNITS[match?.[2]?.toLowerCase() ?? ''];
    if (!match || unit === undefined) return undefined;
    const bytes = Number(match[1]) * unit;
    return bytes >= minBytes && bytes <= maxBytes ? bytes : undefined;
  };
}

/** True for what can be no key in an Authorization header. */
export function keyProblem(text: string): boolean {
  return !/^[\x21-\x7e]{1,1024}$/.test(text);
}
