import { createHash, type Hash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { createZstdCompress } from 'node:zlib';
import { isKittiwakeError } from '../../core/errors.ts';
import { type Runtime, randomId } from '../../core/runtime.ts';
import { through } from '../../git/large/blob-pack.ts';
import type { ByteStore } from '../../storage/byte-store.ts';
import { type DocumentChange, documentIntent, newDocument } from '../../swap/document.ts';
import type { Cursor } from '../projection.ts';
import { EMPTY_POINTER, indexKey, openPointer, type Pointer, type PublishedIndex } from './pointer.ts';

export interface PublishOptions {
  index: SnapshotSource;
  /** The ledger that `index` was brought to. */
  ledger: LedgerState;
  /** The ledger as it is when it is asked for. */
  newest(): Promise<LedgerState>;
  store: ByteStore;
  uuid: string;
  variant: string;
  /** Beside which the snapshot lies until it is stored. */
  file: string;
  runtime: Runtime;
}

export interface SnapshotSource {
  cursor(): Promise<Cursor | undefined>;
  /** Writes the index to `path` as one file. @returns what it describes; undefined when others were changing it */
  snapshot(path: string): Promise<Cursor | undefined>;
}

export interface LedgerState {
  seq: number;
  head: string | null;
}

/**
 * `unchanged`: this head is published. `early`: the last one is too young. `overtaken`: others have published a newer one, or the
 * index is not at the ledger's head any more.
 */
export type PublishOutcome = 'published' | 'unchanged' | 'early' | 'overtaken';

/**
 * Of what is stored on average while a wiki is being written: 5.6 GB a day, which in a bucket that keeps what was deleted for a day
 * costs 13 US cents a month (at 0.023 dollars per GB and month). An index of 12 MB, of 10,000 pages, is published every three
 * minutes at most; one of more than 236 MB every hour, so that there it is 24 times its size a day. Readers take in the commits
 * that are missing by themselves.
 */
const BYTES_PER_SECOND = 64 << 10;
/** Of a snapshot that is being stored, behind the name of the index. */
const FOLDER = '.snapshot-';
/** Read at once. */
const CHUNK_BYTES = 512 << 10;
/** The least time between two, and what the size never asks more than. */
const MIN_INTERVAL_MS = 15_000;
const MAX_INTERVAL_MS = 3_600_000;

/**
 * Publishes an index that is at the head of its ledger, if it is time to. The pointer goes forward only: never to an earlier state
 * of the ledger.
 * @throws KittiwakeError those of {@link ByteStore.upload} and of swaps; `object_unreadable` when the pointer is none
 */
export async function publishIndex(options: PublishOptions): Promise<PublishOutcome> {
  const { store, uuid, variant, ledger, runtime } = options;
  if (ledger.head === null) return 'unchanged';
  const pointer = openPointer(store, uuid, runtime);
  const before = (await pointer.read())?.value.body;
  const { current } = before ?? EMPTY_POINTER;
  const isVoid = current !== null && current.ledgerSeq > ledger.seq && (await isForeign(current, options));
  if (current && !isVoid && current.variant === variant) {
    if (current.head === ledger.head) return 'unchanged';
    // What was published in the future was so by a clock that was wrong.
    if (Math.abs(runtime.now() - current.publishedMs) < intervalOf(current)) return 'early';
  }
  const index = await storeSnapshot(options);
  if (!index) return 'overtaken';
  const voided = isVoid ? current.object : undefined;
  const { collections } = before ?? EMPTY_POINTER;
  if (!before) {
    try {
      await pointer.create(newDocument(runtime, { ...EMPTY_POINTER, current: index }));
      return 'published';
    } catch (error) {
      if (!isKittiwakeError(error, 'object_exists')) throw error;
    }
  }
  const nowSeconds = Math.floor(runtime.now() / 1000);
  return await pointer.submit(
    documentIntent(runtime, body => replace(body, index, { voided, collections, nowSeconds })),
  );
}

/** Removes the snapshots of processes that were ended while they published. Nobody else may be publishing this file. */
export async function removeSnapshots(file: string): Promise<void> {
  const folder = dirname(file);
  const names = await readdir(folder).catch(() => []);
  for (const name of names.filter(each => each.startsWith(basename(file) + FOLDER)))
    await rm(join(folder, name), { recursive: true, force: true });
}

function intervalOf({ bytes }: PublishedIndex): number {
  return Math.min(MAX_INTERVAL_MS, Math.max(MIN_INTERVAL_MS, (bytes / BYTES_PER_SECOND) * 1000));
}

/** A ledger never goes back: what describes a later state than there is comes from a wiki that was here before. */
async function isForeign(current: PublishedIndex, { newest }: PublishOptions): Promise<boolean> {
  return current.ledgerSeq > (await newest()).seq;
}

/** @param known what was found out before the index was stored */
function replace(
  body: Pointer,
  index: PublishedIndex,
  known: { voided: string | undefined; collections: number; nowSeconds: number },
): DocumentChange<Pointer, PublishOutcome> {
  const { current, condemned, collections } = body;
  const isGone = collections !== known.collections || condemned.some(each => each.object === index.object);
  const isOlder = current && current.object !== known.voided && !isForward(current, index);
  if (isGone || isOlder) return { result: 'overtaken' };
  const replaced = current ? [{ object: current.object, seconds: known.nowSeconds }] : [];
  return { body: { ...body, current: index, condemned: [...condemned, ...replaced] }, result: 'published' };
}

function isForward(current: PublishedIndex, index: PublishedIndex): boolean {
  if (current.variant !== index.variant) return current.ledgerSeq <= index.ledgerSeq;
  return current.ledgerSeq < index.ledgerSeq && current.head !== index.head;
}

/** Undefined when the index is not, or not alone, at the head of the ledger. */
async function storeSnapshot(options: PublishOptions): Promise<PublishedIndex | undefined> {
  const { index, store, uuid, variant, ledger, runtime, file } = options;
  if ((await index.cursor())?.head !== ledger.head) return undefined;
  const folder = await mkdtemp(file + FOLDER);
  try {
    const path = join(folder, 'index.sqlite');
    const cursor = await index.snapshot(path);
    if (cursor?.head !== ledger.head) return undefined;
    const object = `${randomId(runtime)}.zst`;
    const hash = createHash('sha256');
    const packed = through(createReadStream(path, { highWaterMark: CHUNK_BYTES }), createZstdCompress());
    const { size } = await store.upload(indexKey(uuid, object), hashed(packed, hash));
    return {
      ...cursor,
      object,
      variant,
      ledgerSeq: ledger.seq,
      bytes: size,
      unpackedBytes: (await stat(path)).size,
      sha256: hash.digest('hex'),
      publishedMs: runtime.now(),
    };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function* hashed(chunks: AsyncIterable<Buffer>, hash: Hash): AsyncGenerator<Buffer> {
  for await (const chunk of chunks) {
    hash.update(chunk);
    yield chunk;
  }
}
