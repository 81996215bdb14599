import { crc32 } from 'node:zlib';
import type { Write } from '../../swap/attempts.ts';
import type { Format, Stamp } from '../../swap/swap.ts';
import { stateCorrupt, stateNewer } from '../errors.ts';

/** One version of a state. Never changed. */
export interface Snapshot {
  readonly stamp: Stamp;
  /** The newest transactions, newest last: by them a writer finds its own. */
  readonly writes: readonly Write[];
  /** A SQLite database file, journal mode `delete`. Empty: none was made yet. */
  readonly image: Buffer;
}

const MAGIC = Buffer.from('KITTISTA');
const VERSION = 1;
/** Magic, u32 version, u32 length of the head. */
const INTRO_BYTES = 16;
/** u32 CRC-32, "ATSI". */
const TRAILER_BYTES = 8;
const END = Buffer.from('ATSI');

/**
 * The bytes of a snapshot, in order:
 *
 *   magic "KITTISTA", u32 version (1), u32 length of the head
 *   head     JSON: uuid, seq, nonce, turn when somebody asks for one, writes
 *   image    the SQLite database
 *   trailer  u32 CRC-32 of all before the trailer, "ATSI"
 *
 * Numbers are big-endian.
 */
export const snapshotFormat: Format<Snapshot> = {
  decode: bytes => {
    const { head, image } = partsOf(bytes);
    const { uuid, seq, nonce, turn, writes } = JSON.parse(head.toString('utf8'));
    return { stamp: { uuid, seq, nonce, turn }, writes, image };
  },
  encode: ({ writes, image }, { uuid, seq, nonce, turn }) => {
    const head = Buffer.from(JSON.stringify({ uuid, seq, nonce, turn, writes }));
    const intro = Buffer.alloc(INTRO_BYTES);
    MAGIC.copy(intro);
    intro.writeUInt32BE(VERSION, 8);
    intro.writeUInt32BE(head.length, 12);
    const trailer = Buffer.alloc(TRAILER_BYTES);
    trailer.writeUInt32BE(crc32(image, crc32(head, crc32(intro))));
    END.copy(trailer, 4);
    return [intro, head, image, trailer];
  },
  stampOf: snapshot => snapshot.stamp,
  stamped: (snapshot, stamp) => ({ ...snapshot, stamp }),
};

/** @throws KittiwakeError `state_corrupt`, `state_newer` */
function partsOf(bytes: Buffer): { head: Buffer; image: Buffer } {
  if (bytes.length < INTRO_BYTES + TRAILER_BYTES || !bytes.subarray(0, 8).equals(MAGIC)) {
    throw stateCorrupt('it does not begin as one');
  }
  const version = bytes.readUInt32BE(8);
  if (version !== VERSION) throw stateNewer(version, VERSION);
  const end = bytes.length - TRAILER_BYTES;
  const imageStart = INTRO_BYTES + bytes.readUInt32BE(12);
  if (imageStart > end || !bytes.subarray(end + 4).equals(END)) throw stateCorrupt('it was cut off');
  const found = crc32(bytes.subarray(0, end));
  const wanted = bytes.readUInt32BE(end);
  if (found !== wanted) throw stateCorrupt(`its checksum is ${found}, not ${wanted}`);
  return { head: bytes.subarray(INTRO_BYTES, imageStart), image: bytes.subarray(imageStart, end) };
}
