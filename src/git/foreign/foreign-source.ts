import type { GitObject, Oid } from '../object/objects.ts';
import type { ForeignEntry, ForeignStream } from './foreign-pack.ts';

/** Objects that somebody else has packed. */
export interface ForeignSource {
  /** In the order in which they lie; one that lies in several places comes again. */
  oids(): Iterable<Oid>;
  /** As it lies; undefined where it lies in no pack. */
  packed(oid: Oid): ForeignEntry | undefined;
  /** What {@link ForeignSource.packed} lies as a delta against. */
  baseOf(oid: Oid): Oid | undefined;
  /** A blob that is better read in pieces; undefined for all others. */
  large(oid: Oid): ForeignStream | undefined;
  object(oid: Oid): GitObject | Promise<GitObject>;
}
