import { type Packet, packetAt } from '../net/git/pkt-line.ts';
import { gitRequestInvalid } from './errors.ts';

/** Reads packets one at a time; what comes behind them can be taken as it is. In memory are one of them and what came with it. */
export class PacketReader {
  readonly #chunks: AsyncIterator<Uint8Array>;
  #held: Buffer = Buffer.alloc(0);
  #isDone = false;

  constructor(source: AsyncIterable<Uint8Array>) {
    this.#chunks = source[Symbol.asyncIterator]();
  }

  /** Undefined: there are no more. @throws KittiwakeError `git_request_invalid`; what the source throws */
  async next(): Promise<Packet | undefined> {
    for (;;) {
      const found = packetAt(this.#held, 0);
      if (found === 'malformed') throw gitRequestInvalid('its body is not made of packets');
      if (found !== undefined) {
        this.#held = this.#held.subarray(found.end);
        return found.packet;
      }
      if (await this.#more()) continue;
      if (this.#held.length > 0) throw gitRequestInvalid('its body is cut off');
      return undefined;
    }
  }

  /** All that comes behind the packets that were read. */
  async *rest(): AsyncGenerator<Uint8Array> {
    do {
      const chunk = this.#held;
      this.#held = Buffer.alloc(0);
      if (chunk.length > 0) yield chunk;
    } while (await this.#more());
  }

  async #more(): Promise<boolean> {
    if (this.#isDone) return false;
    const { value, done = false } = await this.#chunks.next();
    this.#isDone = done;
    if (done) return false;
    const chunk = Buffer.from(value.buffer, value.byteOffset, value.byteLength);
    this.#held = this.#held.length === 0 ? chunk : Buffer.concat([this.#held, chunk]);
    return true;
  }
}
