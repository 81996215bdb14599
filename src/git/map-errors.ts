import { KittiwakeError } from '../core/errors.ts';

/** `map_corrupt`: the bytes of a map are not those that were written. The index counts as a section. */
export function mapCorrupt(map: string, section: string, reason: string, cause?: unknown) {
  return new KittiwakeError('map_corrupt', `Reading section "${section}" of map "${map}" found ${reason}`, {
    data: { map, section },
    cause,
  });
}

/** `map_unsorted`: a mistake of the program; such a map would hide what it holds. Names no path. */
export function mapUnsorted(section: string, position: number) {
  return new KittiwakeError(
    'map_unsorted',
    `Writing section "${section}" got entry ${position} not above the one before, wanted ascending keys`,
    { data: { section, position } },
  );
}
