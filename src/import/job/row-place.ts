import type { Origin, RowFailure } from '../row.ts';
import type { RowSource } from '../source.ts';

/** What moves the cursor of a terminal, or turns text around, and is not escaped as JSON. */
const TREACHEROUS = /[\u0080-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

/** Of a name, in UTF-16 units: a job holds a hundred of them, and whoever makes an archive chooses them. */
const MAX_PLACE = 300;

/** Failures with the names of the files that are their rows, where the source has any. */
export function withPlaces(
  failures: readonly RowFailure[],
  source: Pick<RowSource, 'name' | 'nameOf'>,
): readonly RowFailure[] {
  return source.nameOf === undefined ? failures : failures.map(failure => withPlace(failure, source));
}

/** Rows of other inputs, which a pipeline joined, have no such name. */
export function withPlace(failure: RowFailure, source: Pick<RowSource, 'name' | 'nameOf'>): RowFailure {
  const own = failure.origins.find(origin => origin.source === source.name);
  const name = own === undefined ? undefined : source.nameOf?.(own.row);
  if (name === undefined) return failure;
  const end = name.length > MAX_PLACE ? `…${name.slice(1 - MAX_PLACE)}` : name;
  return { ...failure, place: end.toWellFormed().replace(TREACHEROUS, '\ufffd') };
}

/** `row 7 of "birds.csv"`, `row 7 of "vault.zip", "notes/A.md"` */
export function rowText({ source, row }: Origin, place?: string): string {
  return `row ${row} of ${JSON.stringify(source)}${place === undefined ? '' : `, ${JSON.stringify(place)}`}`;
}
