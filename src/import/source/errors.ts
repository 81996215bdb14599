import { KittiwakeError } from '../../core/errors.ts';

/** Refusals of a source of rows as a whole. What is wrong with one row is a failure of its chunk. */

export function encodingInvalid(source: string, encoding: string, byte: number): KittiwakeError {
  return new KittiwakeError(
    'encoding_invalid',
    `Reading "${source}": it is no valid ${encoding} at byte ${byte}; name its encoding, for example "windows-1252"`,
    { data: { encoding, byte } },
  );
}

export function encodingUnknown(encoding: string): KittiwakeError {
  return new KittiwakeError(
    'encoding_invalid',
    `Reading a source: the encoding "${encoding}" is not known; use a label of the Encoding Standard, for example "windows-1252"`,
    { data: { encoding } },
  );
}

/** It would become more than allowed, or shows itself as made to do harm. */
export function sourceUnsafe(source: string, reason: string): KittiwakeError {
  return new KittiwakeError('source_unsafe', `Reading "${source}": ${reason}`);
}

export function headerInvalid(source: string, reason: string): KittiwakeError {
  return new KittiwakeError('header_invalid', `Reading the header of "${source}": ${reason}`);
}
