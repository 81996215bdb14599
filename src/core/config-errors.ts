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
