import { KittiwakeError } from '../../core/errors.ts';

/** Whatever is wrong with it. @param action what it was followed for */
export function linkInvalid(action: string): KittiwakeError {
  return new KittiwakeError(
    'link_invalid',
    `${action}: the link was used before, is too old or is none; ask for another one`,
  );
}
