import { inflateSync } from 'node:zlib';
import type { Journal } from '../ledger/journal.ts';
import type { JournalBlob } from '../ledger/journal-entry.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { Oid } from '../object/objects.ts';
import { MODE_FOLDER } from '../object/objects.ts';
import { splitPath } from '../object/paths.ts';
import { createDelta } from '../pack/delta.ts';
import { PackWriter } from '../pack/pack-writer.ts';
import { Tree } from '../tree/tree.ts';
import { treeVersionDeltas } from '../tree/tree-history.ts';
import type { PackStore } from '../view/pack-store.ts';
import type { TreeSource, TreeStore } from '../view/tree-store.ts';
import type { Pauses } from './pauses.ts';

/** Longest chain of deltas that a flush makes; git's own default. */
const MAX_DEPTH = 50;
/** Blobs outside these bounds are stored whole. */
const MIN_DELTA_BYTES = 128;
const MAX_DELTA_BYTES = 1 << 20;

type Edit = { name: string; mode: number; oid: Oid | null };

/** Where a flush finds what it packs, in memory mostly. */
export interface FlushSources {
  packs: PackStore;
  trees: TreeStore;
  /** Absent: it does not pause. */
  pauses?: Pauses;
}

/** All objects of the journal as one pack that is complete in itself, the newest of each path whole. */
export async function packJournal(
  ledger: Ledger,
  source: TreeSource,
  sources: FlushSources,
): Promise<PackWriter> {
  const { journal } = ledger;
  const writer = new PackWriter();
  const steps = stepsByFolder(journal);
  for (const folder of journal.changedFolders())
    await packFolder(writer, folder, steps.get(folder) ?? [], source, sources);
  await packBlobs(writer, journal, sources);
  for (const { entry } of journal.commits().toReversed()) {
    writer.add('commit', entry.oid, entry.bytes);
    if (sources.pauses?.due) await sources.pauses.take();
  }
  return writer;
}

/** For each folder, its changes commit by commit: which names, and at which entry. */
function stepsByFolder(journal: Journal): Map<string, { at: number; names: Set<string> }[]> {
  const steps = new Map<string, { at: number; names: Set<string> }[]>();
  const note = (path: string, at: number) => {
    const { folder, name } = splitPath(path);
    const list = steps.get(folder) ?? [];
    if (list.length === 0) steps.set(folder, list);
    const last = list.at(-1);
    if (last?.at === at) last.names.add(name);
    else list.push({ at, names: new Set([name]) });
  };
  for (const { at, entry } of journal.commits()) {
    for (const file of entry.files) note(file.path, at);
    for (const folder of entry.folders) if (folder.path !== '') note(folder.path, at);
  }
  return steps;
}

async function packFolder(
  writer: PackWriter,
  folder: string,
  steps: readonly { at: number; names: Set<string> }[],
  source: TreeSource,
  { trees, pauses }: FlushSources,
): Promise<void> {
  const versions = source.journal.treeVersions(folder);
  const newestOid = versions.at(-1)?.oid;
  // Git knows no delta whose result is empty.
  const gaps = versions.some(version => version.oid === null || version.oid === Tree.empty.oid);
  if (gaps || newestOid == null || steps.length !== versions.length) {
    for (const { oid } of versions)
      if (oid !== null) addTree(writer, await trees.load(oid, undefined, source));
    return;
  }
  const newest = await trees.load(newestOid, folder, source);
  addTree(writer, newest);
  const stepsBack: Edit[][] = [];
  for (const step of steps.slice(1).toReversed()) {
    stepsBack.push(
      await Promise.all([...step.names].map(name => childBefore(folder, name, step.at, source))),
    );
    if (pauses?.due) await pauses.take();
  }
  const oids = versions
    .slice(0, -1)
    .map(version => version.oid as Oid)
    .reverse();
  for (const { oid, base, delta } of treeVersionDeltas(newest, stepsBack, oids)) {
    if (!writer.has(oid)) writer.addDelta(base, oid, delta);
    if (pauses?.due) await pauses.take();
  }
}

function addTree(writer: PackWriter, tree: Tree): void {
  if (!writer.has(tree.oid)) writer.add('tree', tree.oid, tree.parts());
}

/** What `name` was in `folder` before entry `at`. */
async function childBefore(folder: string, name: string, at: number, source: TreeSource): Promise<Edit> {
  const row = source.journal.row(folder, name, at) ?? (await source.lower.row(folder, name));
  if (!row || row.kind === 'gone') return { name, mode: 0, oid: null };
  return { name, mode: row.kind === 'file' ? row.mode : MODE_FOLDER, oid: row.oid };
}

async function packBlobs(
  writer: PackWriter,
  journal: Journal,
  { packs, pauses }: FlushSources,
): Promise<void> {
  const chains = new Map<string, Oid[]>();
  for (const { entry } of journal.commits()) {
    for (const { path, oid } of entry.files) {
      if (oid === null) continue;
      const chain = chains.get(path);
      if (chain) chain.push(oid);
      else chains.set(path, [oid]);
    }
  }
  for (const chain of chains.values()) {
    const [only] = chain;
    if (only !== undefined && chain.length === 1) packAlone(writer, only, journal);
    else packChain(writer, chain.toReversed(), journal, packs);
    if (pauses?.due) await pauses.take();
  }
}

/** The one version of a path: as it lies in the journal. */
function packAlone(writer: PackWriter, oid: Oid, journal: Journal): void {
  const blob = journal.blob(oid);
  if (blob && blob.encoding !== 'pack') addWhole(writer, blob);
}

/** Versions of one path, newest first: the newest whole, each other as a delta against its successor. */
function packChain(writer: PackWriter, chain: readonly Oid[], journal: Journal, packs: PackStore): void {
  let base: { oid: Oid; bytes: Buffer } | undefined;
  let depth = 0;
  for (const oid of chain) {
    const blob = journal.blob(oid);
    if (!blob || blob.encoding === 'pack') {
      base = undefined;
      continue;
    }
    const bytes = packs.kept(oid)?.bytes ?? contentOf(blob);
    if (writer.has(oid)) {
      base = { oid, bytes };
      continue;
    }
    const fits =
      base && depth < MAX_DEPTH && bytes.length >= MIN_DELTA_BYTES && bytes.length <= MAX_DELTA_BYTES;
    const delta = base && fits ? createDelta(base.bytes, bytes) : undefined;
    if (base && delta) {
      writer.addDelta(base.oid, oid, delta);
      depth += 1;
    } else {
      addWhole(writer, blob);
      depth = 0;
    }
    base = { oid, bytes };
  }
}

function addWhole(writer: PackWriter, blob: JournalBlob & { bytes: Buffer }): void {
  if (blob.encoding === 'zlib') writer.addDeflated('blob', blob.oid, blob.size, blob.bytes);
  else writer.add('blob', blob.oid, blob.bytes);
}

function contentOf(blob: JournalBlob & { bytes: Buffer }): Buffer {
  return blob.encoding === 'zlib' ? inflateSync(blob.bytes) : blob.bytes;
}
