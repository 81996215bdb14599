import { KittiwakeError } from '../core/errors.ts';
import type { MapSectionName } from './map-index.ts';

/** `map_corrupt`: the bytes of a map are not those that were written. */
export function mapCorrupt(map: string, section: MapSectionName | 'index', reason: string, cause?: unknown) {
  return new KittiwakeError('map_corrupt', `Reading section "${section}" of map "${map}" found ${reason}`, {
    data: { map, section },
    cause,
  });
}

/** `map_unsorted`: a mistake of the program; such a map would hide what it holds. Names no path. */
export function mapUnsorted(section: MapSectionName, position: number) {
  return new KittiwakeError(
    'map_unsorted',
    `Writing section "${section}" got entry ${position} not above the one before, wanted ascending keys`,
    { data: { section, position } },
  );
}
