import type { ByteStore } from '../../storage/byte-store.ts';
import { largePacks } from '../commit/large-packs.ts';
import { packMissing } from '../errors.ts';
import { RECORD_SECONDS } from '../ledger/key-segment.ts';
import type { KeySegmentRef, Ledger, PackExtension } from '../ledger/ledger.ts';
import { packKey } from '../ledger/ledger.ts';
import type { LedgerRepository } from '../open.ts';

const READ_BYTES = 8 << 20;

/** A file that a ledger cannot do without. */
export interface NeededFile {
  name: string;
  extension: PackExtension;
  /** Of a map, those that are read; the file has a few more. */
  bytes: number;
}

/** Where the content of a needed file is. */
export type Source =
  | { kind: 'stored' }
  /** Deleted, and kept as an older version. */
  | { kind: 'kept'; id: string }
  | { kind: 'gone' };

export interface LocatedFile extends NeededFile {
  key: string;
  source: Source;
}

/** Segments of idempotency records that may still be asked for. */
export function liveSegments(ledger: Ledger, nowMs: number): KeySegmentRef[] {
  return ledger.keySegments.filter(({ newest }) => newest > nowMs / 1000 - RECORD_SECONDS);
}

export function neededFiles(ledger: Ledger, nowMs: number): NeededFile[] {
  const packs = [...ledger.packs, ...largePacks(ledger).map(({ ref }) => ref)];
  return [
    ...packs.flatMap(({ name, bytes, indexBytes, map }): NeededFile[] => [
      { name, extension: 'pack', bytes },
      { name, extension: 'idx', bytes: indexBytes },
      ...(map ? [{ name, extension: 'map' as const, bytes: map.bytes }] : []),
    ]),
    ...(ledger.gone ? [{ ...ledger.gone, extension: 'gone' as const }] : []),
    ...liveSegments(ledger, nowMs).map(({ name, bytes }): NeededFile => ({ name, extension: 'keys', bytes })),
  ];
}

/** Finds the files of ledgers; lists the folder of the packs once, and the versions of what is missing there. */
export class FileFinder {
  readonly #store: ByteStore;
  readonly #uuid: string;
  readonly #missing = new Map<string, Promise<Source>>();
  #sizes: Promise<Map<string, number>> | undefined;

  constructor({ store, uuid }: Pick<LedgerRepository, 'store' | 'uuid'>) {
    this.#store = store;
    this.#uuid = uuid;
  }

  async locate(files: readonly NeededFile[]): Promise<LocatedFile[]> {
    this.#sizes ??= this.#list();
    const sizes = await this.#sizes;
    const located: LocatedFile[] = [];
    for (const file of files) {
      const key = packKey(this.#uuid, file.name, file.extension);
      const isStored = (sizes.get(key) ?? -1) >= file.bytes;
      located.push({ ...file, key, source: isStored ? { kind: 'stored' } : await this.#older(key, file) });
    }
    return located;
  }

  #older(key: string, file: NeededFile): Promise<Source> {
    const known = this.#missing.get(key) ?? this.#findOlder(key, file);
    this.#missing.set(key, known);
    return known;
  }

  async #findOlder(key: string, { bytes }: NeededFile): Promise<Source> {
    for await (const { id, size, isDeleted } of this.#store.versions?.(key) ?? []) {
      if (!isDeleted && size >= bytes) return { kind: 'kept', id };
    }
    return { kind: 'gone' };
  }

  async #list(): Promise<Map<string, number>> {
    const sizes = new Map<string, number>();
    const prefix = `packs/${this.#uuid}/`;
    for (let after: string | undefined, more = true; more; ) {
      const page = await this.#store.list(prefix, after === undefined ? {} : { after });
      for (const { key, size } of page.objects) sizes.set(key, size);
      after = page.objects.at(-1)?.key;
      more = page.more;
    }
    return sizes;
  }
}

/**
 * Stores the content of a file once more, under another key or its own; in memory there are a few pieces of 8 MiB.
 * @throws KittiwakeError `pack_missing` when it was deleted meanwhile
 */
export async function copyFile(store: ByteStore, file: LocatedFile, to: string): Promise<void> {
  const { size } = await store.upload(to, content(store, file));
  if (size < file.bytes) throw packMissing(file.key);
}

async function* content(store: ByteStore, { key, source }: LocatedFile): AsyncGenerator<Buffer> {
  for (let start = 0; ; start += READ_BYTES) {
    const range = { start, end: start + READ_BYTES };
    const kept = source.kind === 'kept' ? store.getVersion?.(key, source.id, { range }) : undefined;
    const got = await (kept ?? store.get(key, { range }));
    if (got.kind !== 'found') throw packMissing(key);
    yield got.bytes;
    if (start + got.bytes.length >= got.size) return;
  }
}
