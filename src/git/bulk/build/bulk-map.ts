import { join } from 'node:path';
import { randomId } from '../../../core/runtime.ts';
import { ByteReader } from '../../byte-codec.ts';
import { packKey } from '../../ledger/ledger.ts';
import type { MapIndex, MapSectionIndex, MapSectionName } from '../../map/map-index.ts';
import { encodeMapEnd } from '../../map/map-index.ts';
import { escapeTarget } from '../../map/map-keys.ts';
import { blockBytesFor, StreamedSection } from '../../map/map-section-stream.ts';
import type { LedgerRepository } from '../../open.ts';
import { ScratchFile } from '../sort/scratch-file.ts';
import type { SortedEntry } from '../sort/sorter.ts';
import { Sorter } from '../sort/sorter.ts';

/** The map of one commit while it comes to be: what has another order than the paths is sorted in scratch files. */
export class BulkMap {
  /** Chunks of {@link FolderRows}. */
  readonly rows: Sorter;
  readonly #links: Sorter;
  readonly #packs: string[] = [];
  readonly #numbers = new Map<string, number>();
  readonly #described: ScratchFile;
  readonly #descriptions: StreamedSection;

  private constructor(path: string, described: ScratchFile, describedBytes: number) {
    this.rows = new Sorter(`${path}-rows`);
    this.#links = new Sorter(`${path}-links`);
    this.#described = described;
    this.#descriptions = new StreamedSection(
      'descriptions',
      blockBytesFor('descriptions', describedBytes),
      block => described.append(block),
    );
  }

  /** `describedBytes`: no more than so many are described. */
  static async create(
    repository: LedgerRepository,
    scratch: string,
    describedBytes: number,
  ): Promise<BulkMap> {
    const path = join(scratch, `bulk-${randomId(repository.runtime)}`);
    const described = await ScratchFile.create(`${path}-descriptions`);
    return new BulkMap(path, described, describedBytes);
  }

  /** The position of a pack in the map's table. */
  packNumber(name: string): number {
    const known = this.#numbers.get(name);
    if (known !== undefined) return known;
    this.#numbers.set(name, this.#packs.length);
    return this.#packs.push(name) - 1;
  }

  /** Paths come in order. `json`, from `start` up to `end`, undefined: that there is none hides what is told below. */
  describe(
    path: Buffer,
    json: Buffer | undefined,
    start = 0,
    end = json?.length ?? 0,
  ): Promise<void> | undefined {
    return this.#descriptions.add(path, writer =>
      json
        ? writer
            .byte(1)
            .uint(end - start)
            .copy(json, start, end)
        : writer.byte(0),
    );
  }

  /**
   * A link that a source has, or no longer has: `target` from `start` up to `end`. Behind those of one file
   * {@link BulkMap.settleLinks}.
   */
  link(target: Buffer, source: Buffer, present: boolean, start = 0, end = target.length): void {
    if (needsEscape(target, start, end)) {
      const escaped = Buffer.from(escapeTarget(target.toString('utf8', start, end)));
      this.#addLink(escaped, 0, escaped.length, source, present);
    } else this.#addLink(target, start, end, source, present);
  }

  #addLink(target: Buffer, start: number, end: number, source: Buffer, present: boolean): void {
    const room = this.#links.reserve(end - start + 1 + source.length, 1);
    const { bytes } = room;
    const nul = room.start + target.copy(bytes, room.start, start, end);
    bytes[nul] = 0;
    source.copy(bytes, nul + 1);
    bytes[room.middle] = present ? 1 : 0;
  }

  /** What is returned is to be awaited before the next link. */
  settleLinks(): Promise<void> | undefined {
    return this.#links.isFull ? this.#links.spill() : undefined;
  }

  /** Stores the map beside the pack of that name. */
  async store(repository: LedgerRepository, name: string): Promise<MapIndex> {
    const parts = { index: undefined as MapIndex | undefined };
    await this.#descriptions.finish();
    await this.#described.flush();
    await repository.store.upload(packKey(repository.uuid, name, 'map'), this.#file(parts));
    return parts.index as MapIndex;
  }

  async *#file(made: { index: MapIndex | undefined }): AsyncGenerator<Buffer> {
    const sections: { [Name in MapSectionName]?: MapSectionIndex } = {};
    const note = (section: StreamedSection, start: number) => {
      const index = section.index(start);
      if (index) sections[section.name] = index;
    };
    const queue: Buffer[] = [];
    const rows = sectionFor('rows', this.rows, queue);
    for await (const chunks of this.rows.sorted()) {
      for (const { bytes, middle, end } of chunks) {
        await addRows(rows, bytes.subarray(middle, end));
        yield* queue.splice(0);
      }
    }
    await rows.finish();
    yield* queue.splice(0);
    note(rows, 0);
    note(this.#descriptions, rows.bytes);
    yield* this.#described.chunks();
    const linksStart = rows.bytes + this.#descriptions.bytes;
    const links = sectionFor('links', this.#links, queue);
    for await (const entries of this.#links.sorted()) {
      await addLinks(links, entries);
      yield* queue.splice(0);
    }
    await links.finish();
    yield* queue.splice(0);
    note(links, linksStart);
    const bytes = linksStart + links.bytes;
    made.index = { format: 2, bytes, packs: this.#packs, logLength: 0, sections };
    yield encodeMapEnd(made.index);
  }

  async close(): Promise<void> {
    await Promise.all([this.rows.close(), this.#links.close(), this.#described.close()]);
  }
}

function sectionFor(name: MapSectionName, sorter: Sorter, queue: Buffer[]): StreamedSection {
  return new StreamedSection(name, blockBytesFor(name, sorter.totalBytes), block => {
    queue.push(block);
  });
}

async function addRows(section: StreamedSection, rows: Buffer): Promise<void> {
  const reader = new ByteReader(rows);
  while (!reader.done) {
    const [keyLength, valueLength] = [reader.uint(), reader.uint()];
    const key = reader.raw(keyLength);
    const start = reader.position;
    reader.raw(valueLength);
    const waiting = section.add(key, into => into.copy(rows, start, start + valueLength));
    if (waiting) await waiting;
  }
}

async function addLinks(section: StreamedSection, entries: readonly SortedEntry[]): Promise<void> {
  for (const { bytes, start, middle, end } of entries) {
    const waiting = section.add(bytes.subarray(start, middle), into => into.copy(bytes, middle, end));
    if (waiting) await waiting;
  }
}

function needsEscape(target: Buffer, start: number, end: number): boolean {
  for (let at = start; at < end; at += 1) if ((target[at] as number) <= 1) return true;
  return false;
}
