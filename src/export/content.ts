import { gather } from '../core/streams.ts';
import type { OpenBlob } from '../git/large/large.ts';
import type { ExportedVersion } from './exported-version.ts';
import type { WalkedFile } from './walk-files.ts';

/** Larger files pass in pieces. */
const WHOLE_BYTES = 1 << 20;
/** Files that are read ahead: with {@link WHOLE_BYTES} the bound of what is held. */
export const READ_AHEAD = 12;

/** A file with its bytes, or what yields them. */
export type Content = { kind: 'whole'; bytes: Buffer } | ({ kind: 'stream' } & OpenBlob);

export async function contentOf(version: ExportedVersion, file: WalkedFile): Promise<Content> {
  const blob = await version.open(file);
  if (blob.size > WHOLE_BYTES) return { kind: 'stream', ...blob };
  return { kind: 'whole', bytes: (await gather(blob.chunks, WHOLE_BYTES)) ?? Buffer.alloc(0) };
}
