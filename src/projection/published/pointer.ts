import { KittiwakeError } from '../../core/errors.ts';
import type { Runtime } from '../../core/runtime.ts';
import type { ByteStore } from '../../storage/byte-store.ts';
import { type Document, documentFormat } from '../../swap/document.ts';
import type { Swap } from '../../swap/swap.ts';
import { createSwap } from '../../swap/swapper.ts';

/**
 * A search index as it was at one commit, for processes that have none: the SQLite file, compressed with Zstandard (RFC 8878), under
 * a key that never holds anything else.
 */
export interface PublishedIndex {
  /** Under `search/<uuid>/`. */
  object: string;
  /** The commit it describes; null: the wiki before its first one. */
  head: string | null;
  ordinal: number;
  /** Of the ledger that had this head. It rises with everything that happens to a wiki, also when history is taken back. */
  ledgerSeq: number;
  /** What the index depends on besides the commits; one of another variant is of no use. */
  variant: string;
  bytes: number;
  /** Of the SQLite file. */
  unpackedBytes: number;
  /** Of the object, in hex. */
  sha256: string;
  /** Milliseconds since the epoch. */
  publishedMs: number;
}

/** Which index is the published one: the body of the document `search/<uuid>/current`. */
export interface Pointer {
  current: PublishedIndex | null;
  /** Objects that are not to be published (again); deleted after the readers' grace. */
  condemned: readonly { object: string; seconds: number }[];
  /** Rises whenever condemned objects were deleted: what was stored for an earlier number may be among them. */
  collections: number;
}

export const EMPTY_POINTER: Pointer = { current: null, condemned: [], collections: 0 };

const CURRENT = 'current';
const format = documentFormat('search-index 1', parsePointer);

export function indexKey(uuid: string, object: string): string {
  return `${indexPrefix(uuid)}${object}`;
}

export function indexPrefix(uuid: string): string {
  return `search/${uuid}/`;
}

export function isPointer(object: string): boolean {
  return object === CURRENT;
}

/** The pointer as it is now, for readers. @throws KittiwakeError `object_unreadable`; those of {@link ByteStore.get} */
export async function readPointer(store: ByteStore, uuid: string): Promise<Pointer | undefined> {
  const got = await store.get(indexKey(uuid, CURRENT));
  return got.kind === 'found' ? format.decode(got.bytes).body : undefined;
}

/** The pointer for those who change it. It remembers nothing of earlier runs: like the indexes, it may be deleted at any time. */
export function openPointer(store: ByteStore, uuid: string, runtime: Runtime): Swap<Document<Pointer>> {
  return createSwap({ store, key: indexKey(uuid, CURRENT), format, runtime });
}

function parsePointer(body: unknown): Pointer {
  const { current, condemned, collections } = body as Partial<Pointer>;
  const isSound = Array.isArray(condemned) && typeof collections === 'number' && isIndex(current);
  if (!isSound || current === undefined) throw unreadable();
  return { current, condemned, collections };
}

const TEXTS = ['object', 'variant', 'sha256'] as const;
const NUMBERS = ['ordinal', 'ledgerSeq', 'bytes', 'unpackedBytes', 'publishedMs'] as const;

function isIndex(index: PublishedIndex | null | undefined): boolean {
  if (index === null || index === undefined) return index === null;
  const { head } = index;
  const isHead = head === null || typeof head === 'string';
  return (
    isHead &&
    TEXTS.every(name => typeof index[name] === 'string') &&
    NUMBERS.every(name => Number.isSafeInteger(index[name]))
  );
}

function unreadable(): KittiwakeError {
  return new KittiwakeError('object_unreadable', 'Reading a document: it names no search index as it should');
}
