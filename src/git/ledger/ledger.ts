import { crc32 } from 'node:zlib';
import type { Body } from '../../storage/byte-store.ts';
import type { Write } from '../../swap/attempts.ts';
import type { Format, Stamp } from '../../swap/swap.ts';
import { ledgerCorrupt, ledgerNewer } from '../errors.ts';
import type { MapIndex } from '../map/map-index.ts';
import type { Oid } from '../object/objects.ts';
import { Journal } from './journal.ts';

/**
 * The one mutable object of a wiki. Its bytes, in order:
 *
 *   magic "KITTILGR", u32 length of the head
 *   head     JSON: packs, condemned packs, key segments, policy, base of the journal and the like; changes at a flush, a
 *            merge or a change of the policy only
 *   journal  append-only entries (journal-entry.ts)
 *   tail     JSON: format, stamp, refs, time of the head, number of pages; changes with every swap
 *   trailer  u32 length of the journal, u32 length of the tail, u32 CRC-32 of all before the trailer, "GREL"
 *
 * Numbers are big-endian. What changes with every swap comes last, so that a checksum or signature over the body needs
 * only the bytes that were added since the last swap.
 */
export interface Ledger {
  stamp: Stamp;
  /** Full ref names to commit (or tag) ids. The main line is {@link MAIN_REF}. */
  refs: Readonly<Record<string, Oid>>;
  /** Newest first. */
  packs: readonly PackRef[];
  /** Names that no ledger may list (again); deleted after the readers' grace. */
  condemned: readonly { name: string; seconds: number }[];
  /**
   * Rises whenever condemned names are dropped after their files were deleted. What was stored for a ledger with another
   * number may be among the deleted and must be stored again under another name.
   */
  collections: number;
  /** Idempotency records of flushed commits, newest first. */
  keySegments: readonly KeySegmentRef[];
  journal: Journal;
  /** Committer time of the head, in seconds. */
  headSeconds: number;
  /** How often the history was rewritten. Absent: never. */
  epoch?: number | undefined;
  /** The commits that rewriting has replaced. Absent: none. */
  gone?: GoneRef | undefined;
  /** Absent: none was ever set. */
  policy?: PolicyRecord | undefined;
  /** Files of the newest tree that count as pages. Absent: they were not counted yet. */
  pages?: number | undefined;
  /** True: packs may hold what no ref reaches any more, as a branch was removed or moved. Absent: all of it was reached when it came. */
  strays?: true | undefined;
}

/** What the domain lays down for the wiki beside its history; git does not know what it means. */
export interface PolicyRecord {
  /** JSON. */
  value: unknown;
  /** The newest writes of it, newest last: by them a writer finds its own. */
  writes: readonly Write[];
}

/** A pack with its index, and the map of the commits that it brought. */
export interface PackRef {
  /** Key: `packs/<uuid>/<name>.pack`, `.idx` and, with a map, `.map`. */
  name: string;
  bytes: number;
  indexBytes: number;
  objects: number;
  /** Absent: the pack holds objects only, no commits of the main line. */
  map?: MapIndex;
}

/** The sorted list of replaced commits, `packs/<uuid>/<name>.gone`. */
export interface GoneRef {
  name: string;
  bytes: number;
  count: number;
}

/** A sorted segment of idempotency records, `packs/<uuid>/<name>.keys`. */
export interface KeySegmentRef {
  name: string;
  bytes: number;
  count: number;
  /** Seconds since the epoch of its newest record. */
  newest: number;
}

export const MAIN_REF = 'refs/heads/main';
/** The newest format that is known. */
export const LEDGER_FORMAT = 3;

export const ledgerKey = (uuid: string): string => `ledger/${uuid}`;
export type PackExtension = 'pack' | 'idx' | 'map' | 'keys' | 'gone';

export const packKey = (uuid: string, name: string, extension: PackExtension): string =>
  `packs/${uuid}/${name}.${extension}`;

/** What format 1 cannot hold is refused by releases that know only that: they would drop it with the next flush, or misread maps. */
function formatOf({ policy, epoch, packs }: Ledger): number {
  if (packs.some(({ map }) => map?.format === 2)) return 3;
  return policy === undefined && epoch === undefined ? 1 : 2;
}

/** The newest commit of the main line, its position and time. */
export function headOf(ledger: Ledger): { oid: Oid | undefined; ordinal: number } {
  const last = ledger.journal.last();
  if (last) return { oid: last.entry.oid, ordinal: last.ordinal };
  return { oid: ledger.journal.base.head ?? undefined, ordinal: ledger.journal.base.ordinal };
}

const MAGIC = Buffer.from('KITTILGR');
const END = Buffer.from('GREL');
const TRAILER_BYTES = 16;

/** The head's bytes, kept as long as what they were made from. */
const encodedHeads = new WeakMap<readonly PackRef[], { key: unknown[]; bytes: Buffer; crc: number }>();

function encodeHead(ledger: Ledger): { bytes: Buffer; crc: number } {
  const { packs, condemned, collections, keySegments, policy, epoch, gone } = ledger;
  const { base } = ledger.journal;
  const key = [condemned, collections, keySegments, policy, epoch, gone, base.head, base.ordinal, base.trims];
  const known = encodedHeads.get(packs);
  if (known?.key.every((part, index) => part === key[index])) return known;
  const json = Buffer.from(
    JSON.stringify({ packs, condemned, collections, keySegments, policy, epoch, gone, base }),
  );
  const bytes = Buffer.allocUnsafe(12 + json.length);
  MAGIC.copy(bytes);
  bytes.writeUInt32BE(json.length, 8);
  json.copy(bytes, 12);
  const made = { key, bytes, crc: crc32(bytes) };
  encodedHeads.set(packs, made);
  return made;
}

function encode(ledger: Ledger, stamp: Stamp): Body {
  const head = encodeHead(ledger);
  const { journal, refs, headSeconds, pages, strays } = ledger;
  const tail = Buffer.from(
    JSON.stringify({ format: formatOf(ledger), ...stamp, refs, headSeconds, pages, strays }),
  );
  const trailer = Buffer.allocUnsafe(TRAILER_BYTES);
  trailer.writeUInt32BE(journal.byteLength, 0);
  trailer.writeUInt32BE(tail.length, 4);
  trailer.writeUInt32BE(crc32(tail, journal.crc(head.crc)), 8);
  END.copy(trailer, 12);
  return [head.bytes, ...journal.chunks(), Buffer.concat([tail, trailer])];
}

function decode(bytes: Buffer, previous?: Ledger): Ledger {
  const { head, journal, tail } = split(bytes);
  const end = JSON.parse(tail.toString()) as { format: number } & Stamp &
    Pick<Ledger, 'refs' | 'headSeconds' | 'pages' | 'strays'>;
  if (end.format > LEDGER_FORMAT) throw ledgerNewer(end.format, LEDGER_FORMAT);
  const same = previous && encodeHead(previous).bytes.equals(head) ? previous : undefined;
  const parts =
    same ??
    (JSON.parse(head.subarray(12).toString()) as Pick<
      Ledger,
      'packs' | 'condemned' | 'collections' | 'keySegments' | 'policy' | 'epoch' | 'gone'
    > & { base: Journal['base'] });
  const base = 'base' in parts ? parts.base : parts.journal.base;
  const { uuid, seq, nonce, turn, refs, headSeconds, pages, strays } = end;
  return {
    stamp: { uuid, seq, nonce, turn },
    refs,
    headSeconds,
    pages,
    strays,
    packs: parts.packs,
    condemned: parts.condemned,
    collections: parts.collections,
    keySegments: parts.keySegments,
    policy: parts.policy,
    epoch: parts.epoch,
    gone: parts.gone,
    journal: Journal.decode(base, journal, same?.journal),
  };
}

/** Cuts the bytes into their parts after checking the checksum. */
function split(bytes: Buffer): { head: Buffer; journal: Buffer; tail: Buffer } {
  if (bytes.length < 12 + TRAILER_BYTES || !bytes.subarray(0, 8).equals(MAGIC)) {
    throw ledgerCorrupt(`${bytes.length} bytes that do not begin with "${MAGIC}"`);
  }
  const trailer = bytes.subarray(bytes.length - TRAILER_BYTES);
  if (!trailer.subarray(12).equals(END)) throw ledgerCorrupt('its end is missing');
  const headLength = 12 + bytes.readUInt32BE(8);
  const journalEnd = headLength + trailer.readUInt32BE(0);
  const tailEnd = journalEnd + trailer.readUInt32BE(4);
  if (tailEnd !== bytes.length - TRAILER_BYTES) throw ledgerCorrupt('its parts do not add up to its length');
  const crc = crc32(bytes.subarray(0, tailEnd));
  if (crc !== trailer.readUInt32BE(8))
    throw ledgerCorrupt(`its checksum is ${crc}, not ${trailer.readUInt32BE(8)}`);
  return {
    head: bytes.subarray(0, headLength),
    journal: bytes.subarray(headLength, journalEnd),
    tail: bytes.subarray(journalEnd, tailEnd),
  };
}

export const ledgerFormat: Format<Ledger> = {
  decode,
  encode,
  stampOf: ledger => ledger.stamp,
  stamped: (ledger, stamp) => ({ ...ledger, stamp }),
};

/** A wiki without a commit. */
export function emptyLedger(stamp: Stamp): Ledger {
  return {
    stamp,
    refs: {},
    packs: [],
    condemned: [],
    collections: 0,
    keySegments: [],
    journal: Journal.empty({ head: null, ordinal: -1, trims: 0, seq: stamp.seq }),
    headSeconds: 0,
    pages: 0,
  };
}
