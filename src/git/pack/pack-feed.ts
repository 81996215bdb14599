import { createHash } from 'node:crypto';
import { packCorrupt } from '../errors.ts';

const MIN_GROWTH = 64 << 10;

/** The bytes of a streamed pack: looked at, then taken. Keeps a running checksum of what was taken. */
export class PackFeed {
  readonly #source: AsyncIterator<Uint8Array>;
  readonly #sha = createHash('sha1');
  #bytes: Buffer = Buffer.alloc(0);
  #offset = 0;

  constructor(source: AsyncIterable<Uint8Array>) {
    this.#source = source[Symbol.asyncIterator]();
  }

  /** Position in the pack of the next byte. */
  get offset(): number {
    return this.#offset;
  }

  /** What was read and not taken yet. */
  get ahead(): Buffer {
    return this.#bytes;
  }

  /** Reads until `count` bytes are ahead, or the source ends. */
  async fill(count: number): Promise<Buffer> {
    const parts = [this.#bytes];
    let length = this.#bytes.length;
    while (length < count) {
      const { done, value } = await this.#source.next();
      if (done) break;
      parts.push(Buffer.from(value.buffer, value.byteOffset, value.byteLength));
      length += value.length;
    }
    if (parts.length > 1) this.#bytes = Buffer.concat(parts, length);
    return this.#bytes;
  }

  /** Reads as much again as is ahead; false when the source has ended. */
  async grow(): Promise<boolean> {
    const before = this.#bytes.length;
    await this.fill(Math.max(before * 2, before + MIN_GROWTH));
    return this.#bytes.length > before;
  }

  take(count: number): Buffer {
    const taken = this.#bytes.subarray(0, count);
    if (taken.length < count) throw packCorrupt(`it ends at byte ${this.#offset + taken.length}`);
    this.#sha.update(taken);
    this.#bytes = this.#bytes.subarray(count);
    this.#offset += count;
    return taken;
  }

  /** @throws KittiwakeError `pack_corrupt` unless what is left is the checksum of what was taken */
  async checkEnd(): Promise<void> {
    const trailer = await this.fill(21);
    if (trailer.length < 20) throw packCorrupt('it is cut off');
    if (trailer.length > 20) throw packCorrupt('bytes follow its end');
    if (!this.#sha.digest().equals(trailer)) throw packCorrupt('its checksum does not match');
  }

  /** Lets the source go. */
  async close(): Promise<void> {
    await this.#source.return?.();
  }
}
