import type { RefUpdate } from '../git/incoming/incoming.ts';
import { textOf } from '../net/git/pkt-line.ts';
import { gitRequestInvalid, gitRequestTooLarge } from './errors.ts';
import type { PacketReader } from './packet-reader.ts';

export const ZERO_OID = '0'.repeat(40);

/** Refs that one push may change. */
const MAX_COMMANDS = 1_000;
/** Of a name: more than any git would make of a file. */
const MAX_REF_BYTES = 255;
/** Lines that name where a shallow clone ends. */
const MAX_SHALLOW = 100_000;

/** What a push asks for, ahead of its pack (gitprotocol-pack(5), "Reference Update Request"). */
export interface PushHead {
  updates: RefUpdate[];
  /** What the client can do, and wants. */
  capabilities: ReadonlySet<string>;
}

/**
 * Reads the commands of a push. Undefined: there are none, as in the request by which git finds out whether its
 * password is right before it sends much.
 * @throws KittiwakeError `git_request_invalid`, `git_request_too_large`; those of {@link PacketReader.next}
 */
export async function readHead(packets: PacketReader): Promise<PushHead | undefined> {
  const updates: RefUpdate[] = [];
  let capabilities: ReadonlySet<string> = new Set();
  for (let lines = 0; ; lines += 1) {
    const packet = await packets.next();
    if (packet === undefined || packet.kind === 'flush') break;
    if (packet.kind !== 'data') throw gitRequestInvalid('a command is missing');
    const [line = '', told] = textOf(packet.bytes).split('\0');
    if (told !== undefined) capabilities = new Set(told.trim().split(' '));
    if (lines > MAX_SHALLOW) throw gitRequestTooLarge(`it has more than ${MAX_SHALLOW} lines`);
    // Where the client's history ends says nothing: what it builds on is here, or is missed.
    if (/^shallow [0-9a-f]{40}$/.test(line)) continue;
    updates.push(parseCommand(line));
    if (updates.length > MAX_COMMANDS)
      throw gitRequestTooLarge(`it changes more than ${MAX_COMMANDS} refs, push them in parts`);
  }
  if (updates.length === 0) return undefined;
  checkHead(updates, capabilities);
  return { updates, capabilities };
}

function parseCommand(line: string): RefUpdate {
  const [, before, after, ref] = /^([0-9a-f]{40}) ([0-9a-f]{40}) (\S+)$/.exec(line) ?? [];
  if (before === undefined || after === undefined || ref === undefined)
    throw gitRequestInvalid(`${JSON.stringify(line.slice(0, 100))} is no command`);
  if (Buffer.byteLength(ref) > MAX_REF_BYTES)
    throw gitRequestInvalid(`the name of a ref is longer than ${MAX_REF_BYTES} bytes`);
  return { ref, before: known(before), after: known(after) };
}

function known(oid: string): string | undefined {
  return oid === ZERO_OID ? undefined : oid;
}

function checkHead(updates: readonly RefUpdate[], capabilities: ReadonlySet<string>): void {
  if (new Set(updates.map(({ ref }) => ref)).size < updates.length)
    throw gitRequestInvalid('it changes a ref twice');
  if (capabilities.has('push-options') || capabilities.has('object-format=sha256'))
    throw gitRequestInvalid('it uses what was not offered');
  if (!capabilities.has('report-status') && !capabilities.has('report-status-v2'))
    throw gitRequestInvalid('it does not want to know what becomes of it');
}
