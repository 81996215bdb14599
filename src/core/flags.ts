import { flagRepeated, flagTakesNoValue, flagUnknown, flagWithoutValue } from './config-errors.ts';

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

/** The most similar of `names`, when one is at most two edits away. */
export function nearest(name: string, names: readonly string[]): string | undefined {
  const scored = names.map(candidate => ({ candidate, distance: editDistance(name, candidate) }));
  const best = scored.sort((a, b) => a.distance - b.distance)[0];
  return best && best.distance <= 2 ? best.candidate : undefined;
}

function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(replaced, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
