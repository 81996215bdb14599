import { largePacks } from '../git/commit/large-packs.ts';
import { type Ledger, ledgerFormat, ledgerKey } from '../git/ledger/ledger.ts';
import type { ByteStore } from '../storage/byte-store.ts';
import { copyImmutable, type Places, putMutable } from './copy-object.ts';
import { backupMoved } from './errors.ts';

/** How often the ledger is read again because packs of it were removed. */
const TRIES = 5;
/** Objects on their way at once. */
const WIDTH = 8;

export interface CopiedObjects {
  /** Objects that were copied because they were not there, or differed. */
  objects: number;
  /** Of those that never change. */
  bytes: number;
}

export interface Copying extends Places {
  uuid: string;
  signal: AbortSignal;
  copied: CopiedObjects;
  /** Called after each object. */
  advance(): void;
}

/** A ledger of which everything is copied but itself. */
export interface CopiedPacks {
  ledger: Ledger;
  /** As it is stored. */
  bytes: Buffer;
  /** Keys of the packs that were there, with all that it cannot do without. */
  keys: ReadonlySet<string>;
}

/** Everything of a wiki's git but for the ledger, as the newest ledger wants it. Undefined: there is none. */
export async function copyPacks(copying: Copying): Promise<CopiedPacks | undefined> {
  const { from, uuid } = copying;
  for (let tries = 0; tries < TRIES; tries += 1) {
    const got = await from.get(ledgerKey(uuid));
    if (got.kind !== 'found') return undefined;
    const ledger = ledgerFormat.decode(got.bytes);
    const prefix = `packs/${uuid}/`;
    const listed = await listAll(from, prefix);
    const isWhole = await copyListed(copying, listed, prefix);
    if (isWhole && namesOf(ledger).every(name => listed.has(`${prefix}${name}`))) {
      return { bytes: got.bytes, ledger, keys: new Set(listed.keys()) };
    }
  }
  throw backupMoved(from.location, TRIES);
}

/** The files that a ledger cannot be read without, below the folder of its packs. */
function namesOf(ledger: Ledger): string[] {
  const { packs, keySegments, gone } = ledger;
  const large = largePacks(ledger).map(({ ref }) => ref);
  return [
    ...[...packs, ...large].flatMap(({ name, map }) => [
      `${name}.pack`,
      `${name}.idx`,
      ...(map ? [`${name}.map`] : []),
    ]),
    ...keySegments.map(({ name }) => `${name}.keys`),
    ...(gone === undefined ? [] : [`${gone.name}.gone`]),
  ];
}

/** Copies objects that never change, below one prefix. @returns false when one of them was removed meanwhile */
export async function copyListed(
  copying: Copying,
  listed: ReadonlyMap<string, number>,
  prefix: string,
): Promise<boolean> {
  const there = await listAll(copying.to, prefix);
  const wanted = [...listed].filter(([key, size]) => there.get(key) !== size);
  let isWhole = true;
  await inParallel(wanted, async ([key, size]) => {
    copying.signal.throwIfAborted();
    if (!(await copyImmutable(copying, key, size))) isWhole = false;
    else note(copying, size);
  });
  return isWhole;
}

/**
 * Small objects that change: tokens, drafts.
 * @param seen is given the bytes of each
 */
export async function copyDocuments(
  copying: Copying,
  keys: readonly string[],
  seen: (bytes: Buffer) => void = () => {},
): Promise<void> {
  await inParallel(keys, async key => {
    copying.signal.throwIfAborted();
    const got = await copying.from.get(key);
    if (got.kind !== 'found') return;
    seen(got.bytes);
    if (await putMutable(copying.to, key, got.bytes)) note(copying, 0);
  });
}

/** Removes what lies under a prefix of the copy and is not among `keys`. */
export async function removeOthers(to: ByteStore, prefix: string, keys: ReadonlySet<string>): Promise<void> {
  const others = [...(await listAll(to, prefix)).keys()].filter(key => !keys.has(key));
  if (others.length > 0) await to.delete(others);
}

/** Keys below a prefix, with their sizes in bytes. */
export async function listAll(store: ByteStore, prefix: string): Promise<Map<string, number>> {
  const found = new Map<string, number>();
  let after: string | undefined;
  for (;;) {
    const { objects, more } = await store.list(prefix, after === undefined ? {} : { after });
    for (const { key, size } of objects) found.set(key, size);
    after = objects.at(-1)?.key;
    if (!more || after === undefined) return found;
  }
}

function note({ copied, advance }: Copying, bytes: number): void {
  copied.objects += 1;
  copied.bytes += bytes;
  advance();
}

async function inParallel<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  const queue = [...items];
  const worker = async () => {
    for (let item = queue.shift(); item !== undefined; item = queue.shift()) await work(item);
  };
  await Promise.all(Array.from({ length: WIDTH }, worker));
}
