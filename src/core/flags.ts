import { flagRepeated, flagTakesNoValue, flagUnknown, flagWithoutValue } from './flag-errors.ts';
import { nearest } from './nearest.ts';

/** A command-line flag. With a placeholder it takes a value (`--port 80` or `--port=80`), without it is a switch. */
export interface FlagSpec {
  /** With its dashes: `--port`. */
  flag: string;
  /** How the value shows in the help: `PORT`. */
  placeholder?: string;
  description: string;
}

export interface ParsedFlags {
  /** By flag, dashes included. A switch has the value `true`; its negation `--no-…` the value `false`. */
  values: ReadonlyMap<string, string>;
  /** What is no flag; and everything after `--`. */
  positionals: string[];
}

/** @throws KittiwakeError `config_invalid` for unknown and repeated flags, and values that are missing or too many */
export function parseFlags(args: readonly string[], specs: readonly FlagSpec[]): ParsedFlags {
  const known = new Map(specs.map(spec => [spec.flag, spec]));
  const values = new Map<string, string>();
  const positionals: string[] = [];
  for (let index = 0; index < args.length; index++) {
    const arg = args[index] ?? '';
    if (arg === '--') {
      positionals.push(...args.slice(index + 1));
      break;
    }
    if (!arg.startsWith('-') || arg === '-') {
      positionals.push(arg);
      continue;
    }
    const equals = arg.indexOf('=');
    const flag = equals < 0 ? arg : arg.slice(0, equals);
    const inline = equals < 0 ? undefined : arg.slice(equals + 1);
    const negated = flag.startsWith('--no-') ? known.get(`--${flag.slice(5)}`) : undefined;
    const spec = known.get(flag) ?? (negated?.placeholder === undefined ? negated : undefined);
    if (!spec) throw flagUnknown(flag, nearest(flag, [...known.keys()]));
    if (values.has(spec.flag)) throw flagRepeated(spec.flag);
    if (spec.placeholder === undefined) {
      if (inline !== undefined) throw flagTakesNoValue(flag);
      values.set(spec.flag, spec.flag === flag ? 'true' : 'false');
      continue;
    }
    const value = inline ?? args[++index];
    if (value === undefined) throw flagWithoutValue(flag, spec.placeholder);
    values.set(flag, value);
  }
  return { values, positionals };
}
