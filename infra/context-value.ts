import { parseSwitch, parseText, parseWhole } from '../src/core/setting-value.ts';

/** One value that is given as `-c name=value`, or below `context` in cdk.json. */
export interface ContextValue<T> {
  /** As it would be typed. `''`: not set. */
  default: string;
  meaning: string;
  /** The value, or undefined when the text is wrong; then `wanted` says what would be right. */
  parse(text: string): T | undefined;
  /** Reads on from "it must be". */
  wanted: string;
  /** May be left out: the value is undefined then. */
  optional?: true;
}

type Described = Pick<ContextValue<unknown>, 'default' | 'meaning'>;

export function choice<const T extends string>(
  choices: readonly T[],
  row: Pick<Described, 'meaning'>,
): ContextValue<T> {
  const [first, ...others] = choices;
  return {
    ...row,
    default: first ?? '',
    parse: text => choices.find(each => each === text),
    wanted: `${first} or ${others.join(' or ')}`,
  };
}

export function onOff(row: Described): ContextValue<boolean> {
  return { ...row, parse: parseSwitch, wanted: 'true or false' };
}

export function whole(min: number, max: number, row: Described): ContextValue<number> {
  return { ...row, parse: parseWhole(min, max), wanted: `a whole number from ${min} to ${max}` };
}

/** A text that may be left out. */
export function optional(
  pattern: RegExp,
  wanted: string,
  row: Pick<Described, 'meaning'>,
): ContextValue<string> & { optional: true } {
  return { ...row, default: '', parse: parseText(text => pattern.test(text)), wanted, optional: true };
}
