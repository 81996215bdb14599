import { packet } from '../net/git/pkt-line.ts';

/** In place of the answer to a fetch that cannot be sent here, as git shows it to people (gitprotocol-pack(5), `ERR`). */
export function fetchTooLarge(maxBytes: number): string {
  return packet(
    `ERR The answer is larger than can be sent here (${maxBytes} bytes): fetch in parts with --depth and --deepen, or with --filter=blob:none, or clone the bundle of "kittiwake export" (answer_too_large)\n`,
  );
}
