import { mkdtemp, open, rm, statfs } from 'node:fs/promises';
import { tmpdir, totalmem } from 'node:os';
import { join } from 'node:path';
import { ForeignPack } from '../foreign/foreign-pack.ts';
import type { LedgerRepository } from '../open.ts';
import { DEFAULT_MAX_OBJECT_BYTES } from '../pack/pack-entry.ts';
import { packTooLarge } from './errors.ts';
import { IncomingObjects } from './incoming-objects.ts';
import { WikiObjects } from './wiki-objects.ts';

export interface IntakeOptions {
  repository: LedgerRepository;
  /** A pack as it arrives; it may hold deltas against objects that the wiki has. Absent: nothing comes. */
  pack?: AsyncIterable<Uint8Array> | undefined;
  /** A folder of this machine for it. Default: that of the system for temporary files. */
  folder?: string | undefined;
  /** Of the pack. Default: what there is room for. */
  maxBytes?: number;
  /**
   * Of an object that is not read in pieces, which is anything but a blob that lies whole. Default: an eighth of this machine's memory,
   * as some are held at once; at most 256 MiB.
   */
  maxObjectBytes?: number;
  signal?: AbortSignal | undefined;
}

/** What stays free on the disk of the file. */
const SPARE_BYTES = 32 << 20;

/**
 * Takes a pack into a file of this machine, makes sure that each of its objects is what its id says, and gives them to
 * `work`; they are gone afterwards. In memory are about 40 bytes an object.
 * @throws KittiwakeError `pack_corrupt` also for a delta without its base, `delta_corrupt`, `pack_too_large`; what `work`
 *   throws; what the signal is aborted with
 */
export async function withIncoming<R>(
  options: IntakeOptions,
  work: (objects: IncomingObjects) => Promise<R>,
): Promise<R> {
  const { repository, pack, signal, maxObjectBytes = shareOfMemory(), folder = tmpdir() } = options;
  if (pack === undefined) return await work(new IncomingObjects());
  const own = await mkdtemp(join(folder, 'kittiwake-pack-'));
  let objects: IncomingObjects | undefined;
  try {
    const path = join(own, 'incoming.pack');
    const bytes = await writeFile(path, pack, options);
    const wiki = new WikiObjects(repository, await repository.view({ maxAgeMs: 0 }));
    const bases = (oid: string) => wiki.find(oid);
    objects = new IncomingObjects(await ForeignPack.openThin(path, bases, { signal, maxObjectBytes }), bytes);
    return await work(objects);
  } finally {
    objects?.close();
    await rm(own, { recursive: true, force: true });
  }
}

/** Few bytes can be deltas that make much of it. */
function shareOfMemory(): number {
  const bytes = process.constrainedMemory() || totalmem();
  return Math.min(Math.floor(Math.min(bytes, totalmem()) / 8), DEFAULT_MAX_OBJECT_BYTES);
}

async function writeFile(
  path: string,
  chunks: AsyncIterable<Uint8Array>,
  { maxBytes = Number.POSITIVE_INFINITY, signal }: IntakeOptions,
): Promise<number> {
  const { bavail, bsize } = await statfs(join(path, '..'));
  const limit = Math.min(maxBytes, Math.max(0, bavail * bsize - SPARE_BYTES));
  const handle = await open(path, 'wx', 0o600);
  let bytes = 0;
  try {
    for await (const chunk of chunks) {
      signal?.throwIfAborted();
      bytes += chunk.length;
      if (bytes > limit) throw packTooLarge(limit);
      await handle.writeFile(chunk);
    }
  } finally {
    await handle.close();
  }
  return bytes;
}
