import { KittiwakeError } from './errors.ts';

/** `wanted` reads on from "it must be". The value is left out for secrets. */
export function settingInvalid(source: string, value: string | undefined, wanted: string): KittiwakeError {
  const shown = value === undefined ? '' : ` "${value}"`;
  return new KittiwakeError('config_invalid', `Invalid ${source}${shown}: it must be ${wanted}`, {
    data: { setting: source },
  });
}

export function settingMissing(source: string, subject: string): KittiwakeError {
  return new KittiwakeError('config_invalid', `Missing ${source}: it must be set for ${subject}`, {
    data: { setting: source },
  });
}

export function settingsContradict(first: string, second: string, what: string): KittiwakeError {
  return new KittiwakeError('config_invalid', `Conflicting ${first} and ${second}: ${what}`, {
    data: { setting: first, other: second },
  });
}

export function flagUnknown(flag: string, near: string | undefined): KittiwakeError {
  const hint = near === undefined ? 'see --help' : `did you mean ${near}?`;
  return new KittiwakeError('config_invalid', `Unknown flag ${flag}: ${hint}`, { data: { setting: flag } });
}

export function flagWithoutValue(flag: string, placeholder: string): KittiwakeError {
  return new KittiwakeError('config_invalid', `Missing value of ${flag}: it must be ${flag} ${placeholder}`, {
    data: { setting: flag },
  });
}

export function flagTakesNoValue(flag: string): KittiwakeError {
  return new KittiwakeError('config_invalid', `Unexpected value of ${flag}: it is a switch and takes none`, {
    data: { setting: flag },
  });
}

export function flagRepeated(flag: string): KittiwakeError {
  return new KittiwakeError('config_invalid', `Repeated ${flag}: it may be given once`, {
    data: { setting: flag },
  });
}

export function secretAsFlag(flag: string, variable: string): KittiwakeError {
  return new KittiwakeError(
    'config_invalid',
    `Refused ${flag}: every process can read the flags of another one, set ${variable} in the environment`,
    { data: { setting: flag } },
  );
}
