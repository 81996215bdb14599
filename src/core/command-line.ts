import { type GivenText, type ReadConfigInput, type ReadConfigResult, readConfig } from './config.ts';
import { secretAsFlag } from './flag-errors.ts';
import { type FlagSpec, parseFlags } from './flags.ts';
import { type ProjectionSettings, readProjectionSettings } from './projection-config.ts';
import { SETTING_TEXTS } from './setting-texts.ts';
import { SETTINGS } from './settings.ts';
import { unknownVariables } from './unknown-variables.ts';

export interface CommandLineInput extends Pick<ReadConfigInput, 'env'> {
  /** Arguments after the command's name. */
  args: readonly string[];
  /** Flags of the command itself, besides those of the settings. */
  flags?: readonly FlagSpec[];
}

export interface CommandLine extends ReadConfigResult {
  projections: ProjectionSettings;
  /** `KITTIWAKE_*` variables that mean nothing: probably misspelt. */
  warnings: string[];
  /** The command's own flags that were given, by flag with its dashes. A switch has the value `true`. */
  options: ReadonlyMap<string, string>;
  positionals: string[];
}

/**
 * Reads flags and environment. A flag wins over a variable.
 * @throws KittiwakeError `config_invalid` as `readConfig` and `parseFlags`, and for a secret as a flag
 */
export function readCommandLine({ args, env, flags = [] }: CommandLineInput): CommandLine {
  const { values, positionals } = parseFlags(refuseSecrets(args), [...settingFlags(), ...flags]);
  const given = new Map<string, GivenText>();
  for (const [name, { flag }] of Object.entries(SETTING_TEXTS)) {
    const text = flag === undefined ? undefined : values.get(flag);
    if (flag !== undefined && text !== undefined) given.set(name, { text, source: flag });
  }
  const own = flags.flatMap(({ flag }) => {
    const value = values.get(flag);
    return value === undefined ? [] : [[flag, value] as const];
  });
  return {
    ...readConfig({ env, given }),
    projections: readProjectionSettings({ env, given }),
    warnings: unknownVariables(env),
    options: new Map(own),
    positionals,
  };
}

function settingFlags(): FlagSpec[] {
  return Object.values(SETTING_TEXTS).flatMap(({ flag, ...text }) =>
    flag === undefined ? [] : [{ flag, ...text }],
  );
}

function refuseSecrets(args: readonly string[]): readonly string[] {
  const end = args.indexOf('--');
  const flag = args.slice(0, end < 0 ? args.length : end).find(arg => /^--api-key(=|$)/.test(arg));
  if (flag !== undefined) throw secretAsFlag('--api-key', SETTINGS.apiKey.variables[0]);
  return args;
}
