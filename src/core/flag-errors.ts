import { KittiwakeError } from './errors.ts';

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
