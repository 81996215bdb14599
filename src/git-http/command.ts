import type { HttpRequest } from '../http/message.ts';
import { textOf } from '../net/git/pkt-line.ts';
import { gitRequestInvalid, gitRequestTooLarge } from './errors.ts';
import { PacketReader } from './packet-reader.ts';
import { bodyChunks } from './request-body.ts';

/** A request of version 2 of the protocol (gitprotocol-v2(5), "Command Request"). */
export interface Command {
  name: string;
  capabilities: ReadonlySet<string>;
  /** Line by line. */
  args: readonly string[];
}

/** A lazy checkout asks for each content by a line of 50 bytes. */
const MAX_LINES = 300_000;
/** Inflated. */
const MAX_BYTES = 16 << 20;
const MAX_LINE_BYTES = 1_000;

/** Undefined: the client has nothing to ask. @throws KittiwakeError `git_request_invalid`, `git_request_too_large` */
export async function readCommand(request: HttpRequest): Promise<Command | undefined> {
  const packets = new PacketReader(limited(bodyChunks(request)));
  const [before, args]: [string[], string[]] = [[], []];
  let isBehind = false;
  for (;;) {
    const packet = await packets.next();
    if (packet === undefined || packet.kind === 'flush') break;
    if (packet.kind === 'delimiter' && !isBehind) {
      isBehind = true;
      continue;
    }
    if (packet.kind !== 'data') throw gitRequestInvalid('its parts are not those of a command');
    if (packet.bytes.length > MAX_LINE_BYTES)
      throw gitRequestTooLarge(`a line has more than ${MAX_LINE_BYTES} bytes`);
    (isBehind ? args : before).push(textOf(packet.bytes));
    if (before.length + args.length > MAX_LINES)
      throw gitRequestTooLarge(`it has more than ${MAX_LINES} lines, fetch in parts`);
  }
  return before.length === 0 && args.length === 0 ? undefined : commandOf(before, args);
}

function commandOf(before: readonly string[], args: readonly string[]): Command {
  const [name, ...others] = before.flatMap(line => (line.startsWith('command=') ? [line.slice(8)] : []));
  if (name === undefined || others.length > 0) throw gitRequestInvalid('it has not one command');
  const capabilities = new Set(before.filter(line => !line.startsWith('command=')));
  for (const each of capabilities)
    if (each.startsWith('object-format=') && each !== 'object-format=sha1')
      throw gitRequestInvalid('its objects are named by another hash than SHA-1');
  return { name, capabilities, args };
}

async function* limited(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let bytes = 0;
  for await (const chunk of chunks) {
    bytes += chunk.length;
    if (bytes > MAX_BYTES) throw gitRequestTooLarge(`it has more than ${MAX_BYTES} bytes`);
    yield chunk;
  }
}
