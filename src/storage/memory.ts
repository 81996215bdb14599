import { type Runtime, systemRuntime } from '../core/runtime.ts';
import { abortedPut, refuseAborted } from './aborted.ts';
import { resolveRange } from './byte-range.ts';
import type {
  Body,
  ByteStore,
  CallOptions,
  GetOptions,
  GetOutcome,
  Listing,
  PutCondition,
  PutOutcome,
  Uploaded,
  Version,
} from './byte-store.ts';
import { storageKeyClash } from './errors.ts';
import { checkKey, checkPrefix, maxListed } from './object-key.ts';

export interface MemoryByteStoreOptions {
  /** Gives the modification times. Default: the system's. */
  runtime?: Runtime;
  /** Shown in errors. Default: `memory:`. */
  location?: string;
}

/** A ByteStore in this process's memory, gone with it: for tests, simulation and trying out. */
export function createMemoryByteStore(options: MemoryByteStoreOptions = {}): ByteStore {
  return new MemoryByteStore(options.location ?? 'memory:', options.runtime ?? systemRuntime);
}

interface Entry {
  bytes: Buffer;
  version: Version;
  modifiedMs: number;
}

class MemoryByteStore implements ByteStore {
  readonly location: string;
  readonly #runtime: Runtime;
  readonly #entries = new Map<string, Entry>();
  #versions = 0;

  constructor(location: string, runtime: Runtime) {
    this.location = location;
    this.#runtime = runtime;
  }

  async get(key: string, options: GetOptions = {}): Promise<GetOutcome> {
    checkKey(key);
    refuseAborted('Reading', key, options);
    const entry = this.#entries.get(key);
    if (entry === undefined) return { kind: 'absent' };
    if (entry.version === options.ifNoneMatch) return { kind: 'unchanged' };
    const { start, end } = resolveRange(options.range, entry.bytes.length);
    const bytes = Buffer.from(entry.bytes.subarray(start, end));
    return { kind: 'found', bytes, version: entry.version, size: entry.bytes.length };
  }

  async put(
    key: string,
    body: Body,
    condition: PutCondition,
    options: CallOptions = {},
  ): Promise<PutOutcome> {
    checkKey(key);
    const aborted = abortedPut(key, options);
    if (aborted) return aborted;
    const held = this.#entries.get(key);
    const bytes = Buffer.concat(body);
    if ('immutable' in condition) return this.#putImmutable(key, held, bytes);
    if ('ifAbsent' in condition) {
      return held === undefined ? this.#store(key, bytes) : { kind: 'conflict', reason: 'exists' };
    }
    if (held === undefined) return { kind: 'conflict', reason: 'gone' };
    if (held.version !== condition.ifMatch) return { kind: 'conflict', reason: 'changed' };
    return this.#store(key, bytes);
  }

  async list(
    prefix: string,
    options: { after?: string; limit?: number } & CallOptions = {},
  ): Promise<Listing> {
    checkPrefix(prefix);
    refuseAborted('Listing', prefix, options);
    const { after = '' } = options;
    const limit = Math.min(options.limit ?? maxListed, maxListed);
    const keys = [...this.#entries.keys()].filter(key => key.startsWith(prefix) && key > after).sort();
    const objects = keys.slice(0, limit).flatMap(key => {
      const entry = this.#entries.get(key);
      return entry === undefined ? [] : [{ key, size: entry.bytes.length, modifiedMs: entry.modifiedMs }];
    });
    return { objects, more: keys.length > limit };
  }

  async delete(keys: readonly string[], options: CallOptions = {}): Promise<void> {
    for (const key of keys) checkKey(key);
    refuseAborted('Deleting', keys[0] ?? '', options);
    for (const key of keys) this.#entries.delete(key);
  }

  async upload(key: string, chunks: AsyncIterable<Uint8Array>, options: CallOptions = {}): Promise<Uploaded> {
    checkKey(key);
    const parts: Uint8Array[] = [];
    refuseAborted('Uploading', key, options);
    for await (const chunk of chunks) {
      refuseAborted('Uploading', key, options);
      parts.push(chunk);
    }
    const bytes = Buffer.concat(parts);
    this.#putImmutable(key, this.#entries.get(key), bytes);
    return { size: bytes.length };
  }

  #putImmutable(key: string, held: Entry | undefined, bytes: Buffer): PutOutcome {
    if (held === undefined) return this.#store(key, bytes);
    if (!held.bytes.equals(bytes)) {
      throw storageKeyClash(key, `${this.location}${key}`, 'an object of other bytes', 'immutable object');
    }
    return { kind: 'stored', version: held.version };
  }

  #store(key: string, bytes: Buffer): PutOutcome {
    this.#versions += 1;
    const version = `m${this.#versions}`;
    this.#entries.set(key, { bytes, version, modifiedMs: this.#runtime.now() });
    return { kind: 'stored', version };
  }
}
