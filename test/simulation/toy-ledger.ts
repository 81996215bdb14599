import { KittiwakeError } from '../../src/core/errors.ts';
import type { ByteStore } from '../../src/storage/byte-store.ts';
import type { Format, Stamp, SwapHooks } from '../../src/swap/swap.ts';

/** One write. `before` is what the page held, by the id of the write that put it there. */
export interface ToyEntry {
  id: string;
  page: string;
  before: string | null;
}

/** A small ledger: older entries in packs, newer ones in the journal, as the real one has it. */
export interface Toy {
  stamp: Stamp;
  packs: readonly { name: string; count: number }[];
  journal: readonly ToyEntry[];
  pages: Readonly<Record<string, string>>;
}

export const TOY_KEY = 'ledger/toy';
/** The journal is packed when it has this many entries. */
const FLUSH_AT = 4;

export function emptyToy(uuid: string): Toy {
  return { stamp: { uuid, seq: 0, nonce: '' }, packs: [], journal: [], pages: {} };
}

export const toyFormat: Format<Toy> = {
  decode: bytes => JSON.parse(bytes.toString()) as Toy,
  encode: (value, stamp) => [Buffer.from(JSON.stringify({ ...value, stamp }))],
  stampOf: value => value.stamp,
  stamped: (value, stamp) => ({ ...value, stamp }),
};

/** Where a value stands in the one history: how many entries it has, and the last one. */
export interface Position {
  count: number;
  last: string | null;
}

export function packedCount(toy: Toy): number {
  return toy.packs.reduce((sum, pack) => sum + pack.count, 0);
}

export function position(toy: Toy): Position {
  const last = toy.journal.at(-1)?.id ?? toy.packs.at(-1)?.name.split('~')[1] ?? null;
  return { count: packedCount(toy) + toy.journal.length, last };
}

/** The id of an entry is unique: it is the proof. */
export function append(toy: Toy, page: string, id: string): Toy {
  const entry = { id, page, before: toy.pages[page] ?? null };
  return { ...toy, journal: [...toy.journal, entry], pages: { ...toy.pages, [page]: id } };
}

/** Looks for an entry behind the first `from` ones. @throws KittiwakeError when a pack cannot be read */
export async function contains(toy: Toy, from: number, id: string, store: ByteStore): Promise<boolean> {
  if (toy.journal.some(entry => entry.id === id)) return true;
  let end = packedCount(toy);
  for (const pack of [...toy.packs].reverse()) {
    if (end <= from) return false;
    const entries = await readPack(store, pack.name);
    if (entries.some(entry => entry.id === id)) return true;
    end -= pack.count;
  }
  return false;
}

async function readPack(store: ByteStore, name: string): Promise<ToyEntry[]> {
  const outcome = await store.get(name);
  if (outcome.kind === 'found') return JSON.parse(outcome.bytes.toString()) as ToyEntry[];
  throw new KittiwakeError('storage_failed', `Reading "${name}": the pack is missing`);
}

/** Packs the journal beside a put, and trims it with a later one, if the journal still begins with what was packed. */
export function flushing(store: ByteStore, randomId: () => string): SwapHooks<Toy> {
  let packed: { name: string; entries: readonly ToyEntry[] } | undefined;
  return {
    beside: value => {
      if (value.journal.length < FLUSH_AT || packed !== undefined) return undefined;
      return put(value.journal);
    },
    fold: value => {
      if (packed === undefined) return value;
      const { name, entries } = packed;
      packed = undefined;
      if (!entries.every((entry, at) => value.journal[at]?.id === entry.id)) return value;
      const packs = [...value.packs, { name, count: entries.length }];
      return { ...value, packs, journal: value.journal.slice(entries.length) };
    },
  };

  async function put(entries: readonly ToyEntry[]): Promise<void> {
    const name = `packs/${randomId()}~${entries.at(-1)?.id}`;
    try {
      const outcome = await store.put(name, [Buffer.from(JSON.stringify(entries))], { immutable: true });
      if (outcome.kind === 'stored') packed = { name, entries };
    } catch {
      packed = undefined;
    }
  }
}
