import type { ByteStore } from '../storage/byte-store.ts';
import { putMutable } from './copy-object.ts';
import { backupAbsent } from './errors.ts';

/** What a backup says of itself. Written last: where it is, there is one to go back to. */
export interface Manifest {
  format: 'backup 1';
  wiki: string;
  uuid: string;
  /** Milliseconds since the epoch. */
  begunMs: number;
  endedMs: number;
  /** Of the ledger that was copied. */
  seq: number;
  /** Rises when contents are purged. */
  epoch: number;
  head: string | null;
  /** Rows of users, audit log and what else is in the database. */
  rows: number;
}

const manifestKey = (wiki: string): string => `backup/${wiki}`;

export async function writeManifest(to: ByteStore, manifest: Manifest): Promise<void> {
  await putMutable(to, manifestKey(manifest.wiki), Buffer.from(`${JSON.stringify(manifest)}\n`));
}

/** @throws KittiwakeError `backup_absent` */
export async function readManifest(from: ByteStore, wiki: string): Promise<Manifest> {
  const found = await findManifest(from, wiki);
  if (found === undefined) throw backupAbsent(from.location, wiki);
  return found;
}

export async function findManifest(from: ByteStore, wiki: string): Promise<Manifest | undefined> {
  const got = await from.get(manifestKey(wiki));
  if (got.kind !== 'found') return undefined;
  const manifest = JSON.parse(got.bytes.toString()) as Manifest;
  if (manifest.format !== 'backup 1') throw backupAbsent(from.location, wiki);
  return manifest;
}
