import { deltaCorrupt } from '../errors.ts';
import { findMatches } from './delta-matcher.ts';
import { DeltaWriter } from './delta-writer.ts';

/** One step of a delta: a range [start, end) of the base, or new bytes. */
export type DeltaOp = { copy: readonly [start: number, end: number] } | { insert: Uint8Array };

const MAX_SIZE_BYTES = 7;

/** Sizes that a delta declares, and where its instructions begin. Format: gitformat-pack(5), "Deltified representation". */
export interface DeltaHeader {
  baseLength: number;
  targetLength: number;
  bodyStart: number;
}

/** @throws KittiwakeError `delta_corrupt` */
export function readDeltaHeader(delta: Buffer): DeltaHeader {
  const [baseLength, next] = readSize(delta, 0);
  const [targetLength, bodyStart] = readSize(delta, next);
  return { baseLength, targetLength, bodyStart };
}

function readSize(delta: Buffer, start: number): [size: number, next: number] {
  let [size, scale] = [0, 1];
  for (let at = start; at < start + MAX_SIZE_BYTES; at += 1, scale *= 128) {
    const byte = delta[at];
    if (byte === undefined) throw deltaCorrupt('its header is cut off');
    size += (byte & 0x7f) * scale;
    if (byte < 0x80) return [size, at + 1];
  }
  throw deltaCorrupt('a length in its header is too large');
}

/**
 * The bytes that a delta makes of its base.
 * @param options.maxBytes refuses larger results before any memory is taken; default 2^30
 * @param options.allocate gives memory for so many bytes; default: of its own
 * @throws KittiwakeError `delta_corrupt`
 */
export function applyDelta(
  base: Buffer,
  delta: Buffer,
  options: { maxBytes?: number; allocate?: (bytes: number) => Buffer } = {},
): Buffer {
  const { baseLength, targetLength, bodyStart } = readDeltaHeader(delta);
  const maxBytes = options.maxBytes ?? 2 ** 30;
  if (baseLength !== base.length) {
    throw deltaCorrupt(`it is made for a base of ${baseLength} bytes, this one has ${base.length}`);
  }
  if (targetLength > maxBytes)
    throw deltaCorrupt(`its result has ${targetLength} bytes, the limit is ${maxBytes}`);
  checkDelta(delta, bodyStart, baseLength, targetLength);
  // Not of the pool: what is cached of these would keep 64 KiB alive each.
  const target = (options.allocate ?? Buffer.allocUnsafeSlow)(targetLength);
  let [at, out] = [bodyStart, 0];
  while (at < delta.length) {
    const op = delta[at] as number;
    if (op < 0x80) {
      delta.copy(target, out, at + 1, at + 1 + op);
      [at, out] = [at + 1 + op, out + op];
      continue;
    }
    const { offset, size, next } = readCopy(delta, at);
    base.copy(target, out, offset, offset + size);
    [at, out] = [next, out + size];
  }
  return target;
}

/** Walks the instructions without following them, so that nothing is allocated for a delta that is wrong. */
function checkDelta(delta: Buffer, bodyStart: number, baseLength: number, targetLength: number): void {
  let [at, out] = [bodyStart, 0];
  while (at < delta.length) {
    const op = delta[at] as number;
    if (op === 0) throw deltaCorrupt(`the instruction at byte ${at} is the reserved one`);
    if (op < 0x80) {
      [at, out] = [at + 1 + op, out + op];
      if (at > delta.length) throw deltaCorrupt('its last insert is cut off');
    } else {
      const { offset, size, next } = readCopy(delta, at);
      if (next > delta.length) throw deltaCorrupt('its last copy is cut off');
      if (offset + size > baseLength) throw deltaCorrupt(`the copy at byte ${at} reaches beyond the base`);
      [at, out] = [next, out + size];
    }
    if (out > targetLength) break;
  }
  if (out !== targetLength)
    throw deltaCorrupt(`it does not make the ${targetLength} bytes that its header promises`);
}

function readCopy(delta: Buffer, start: number): { offset: number; size: number; next: number } {
  const op = delta[start] as number;
  let [offset, size, at] = [0, 0, start + 1];
  for (let i = 0; i < 4; i += 1) if (op & (1 << i)) offset += (delta[at++] ?? 0) * 2 ** (8 * i);
  for (let i = 0; i < 3; i += 1) if (op & (0x10 << i)) size += (delta[at++] ?? 0) << (8 * i);
  return { offset, size: size === 0 ? 0x10000 : size, next: at };
}

/** A delta that makes `target` of `base`; undefined when it would not be smaller than the target. */
export function createDelta(base: Buffer, target: Buffer): Buffer | undefined {
  const writer = new DeltaWriter(base.length, target.length);
  const complete = findMatches(base, target, writer);
  const delta = complete && writer.length < target.length ? writer.finish() : undefined;
  return delta && delta.length < target.length ? delta : undefined;
}

/** A delta of known steps. The steps together must make `targetLength` bytes. */
export function deltaFromEdits(baseLength: number, ops: readonly DeltaOp[], targetLength: number): Buffer {
  const writer = new DeltaWriter(baseLength, targetLength);
  for (const op of ops) {
    if ('copy' in op) writer.copy(op.copy[0], op.copy[1]);
    else writer.insert(op.insert);
  }
  return writer.finish();
}
