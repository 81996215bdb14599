import type { Body, PutCondition, Version } from '../../src/storage/byte-store.ts';

export interface Landing {
  key: string;
  version: Version;
  bytes: Buffer;
  atMs: number;
}

interface Stored {
  bytes: Buffer;
  version: Version;
  modifiedMs: number;
}

type Landed =
  | { kind: 'stored'; version: Version }
  | { kind: 'conflict'; reason: 'changed' | 'exists' | 'gone' };

/** The bytes that all simulated processes share. Every operation takes effect at once; how it gets here is not known here. */
export class Cloud {
  readonly #objects = new Map<string, Stored>();
  readonly #nowMs: () => number;
  #versions = 0;
  /** Every conditional put that took effect, in order. */
  readonly landings: Landing[] = [];

  constructor(nowMs: () => number) {
    this.#nowMs = nowMs;
  }

  get(key: string): Stored | undefined {
    return this.#objects.get(key);
  }

  put(key: string, body: Body, condition: PutCondition): Landed {
    const current = this.#objects.get(key);
    if ('ifMatch' in condition) {
      if (current === undefined) return { kind: 'conflict', reason: 'gone' };
      if (current.version !== condition.ifMatch) return { kind: 'conflict', reason: 'changed' };
    } else if ('ifAbsent' in condition && current !== undefined) {
      return { kind: 'conflict', reason: 'exists' };
    }
    this.#versions += 1;
    const bytes = Buffer.concat(body);
    const version = `v${this.#versions}`;
    const atMs = this.#nowMs();
    this.#objects.set(key, { bytes, version, modifiedMs: atMs });
    if (!('immutable' in condition)) this.landings.push({ key, version, bytes, atMs });
    return { kind: 'stored', version };
  }

  delete(key: string): void {
    this.#objects.delete(key);
  }

  keys(): string[] {
    return [...this.#objects.keys()].sort((one, other) => (one < other ? -1 : 1));
  }
}
