import type { DescriptionRow, LinkRow, LogRow, Row } from './layer.ts';
import { writeChanges, writeCommit, writeDescription, writeRow, writeTouches } from './map-codec.ts';
import type { MapIndex, MapSectionIndex, MapSectionName } from './map-index.ts';
import { encodeMapEnd } from './map-index.ts';
import { linkKey, pathKey, positionKey, rowKey } from './map-keys.ts';
import type { BlockLimits } from './map-section-writer.ts';
import { MapSectionWriter } from './map-section-writer.ts';
import type { Oid } from './objects.ts';
import type { Touch } from './repository.ts';

/** What a map says. Each part is gone through once, in this order; paths are ordered by `comparePaths`. */
export interface MapContents {
  /** By folder, then in git's tree order (`compareRows`); each name at most once in a folder. */
  rows: Iterable<{ folder: string; row: Row }>;
  /** By path. */
  descriptions: Iterable<DescriptionRow>;
  /** By target, then source. */
  links: Iterable<LinkRow>;
  /** Oldest first. */
  log: Iterable<LogRow>;
  /** By path; the touches of one path newest first. */
  touches: Iterable<{ path: string; touches: readonly Touch[] }>;
}

/**
 * A map file, in parts, and its index.
 * @throws KittiwakeError `map_unsorted` when the contents are not in order
 */
export function encodeMap(contents: MapContents, limits?: BlockLimits): { bytes: Buffer[]; index: MapIndex } {
  const file = new MapFile();
  const packs: string[] = [];
  file.append(rowSection(contents.rows, packs, limits));
  file.append(descriptionSection(contents.descriptions, limits));
  file.append(linkSection(contents.links, limits));
  const { log, changes, commits, logLength } = logSections(contents.log, limits);
  file.append(log);
  file.append(changes);
  file.append(touchSection(contents.touches, limits));
  file.append(commits);
  return file.finish(packs, logLength);
}

class MapFile {
  readonly #parts: Buffer[] = [];
  readonly #sections: { [Name in MapSectionName]?: MapSectionIndex } = {};
  #bytes = 0;

  append(section: MapSectionWriter): void {
    const { blocks, index } = section.finish(this.#bytes);
    if (index) this.#sections[section.name] = index;
    for (const block of blocks) {
      this.#parts.push(block);
      this.#bytes += block.length;
    }
  }

  finish(packs: readonly string[], logLength: number): { bytes: Buffer[]; index: MapIndex } {
    const index: MapIndex = { format: 1, bytes: this.#bytes, packs, logLength, sections: this.#sections };
    return { bytes: [...this.#parts, encodeMapEnd(index)], index };
  }
}

function rowSection(
  rows: MapContents['rows'],
  packs: string[],
  limits: BlockLimits | undefined,
): MapSectionWriter {
  const section = new MapSectionWriter('rows', limits);
  const numbers = new Map<string, number>();
  const packNumber = (name: string): number => {
    const known = numbers.get(name);
    if (known !== undefined) return known;
    numbers.set(name, packs.length);
    return packs.push(name) - 1;
  };
  for (const { folder, row } of rows) {
    section.add(rowKey(folder, row), writer => writeRow(writer, row, packNumber));
  }
  return section;
}

function descriptionSection(
  rows: Iterable<DescriptionRow>,
  limits: BlockLimits | undefined,
): MapSectionWriter {
  const section = new MapSectionWriter('descriptions', limits);
  for (const { path, json } of rows) {
    section.add(pathKey(path), writer => writeDescription(writer, json));
  }
  return section;
}

function linkSection(rows: Iterable<LinkRow>, limits: BlockLimits | undefined): MapSectionWriter {
  const section = new MapSectionWriter('links', limits);
  for (const { target, source, present } of rows) {
    section.add(linkKey(target, source), writer => writer.byte(present ? 1 : 0));
  }
  return section;
}

function logSections(rows: Iterable<LogRow>, limits: BlockLimits | undefined) {
  const log = new MapSectionWriter('log', limits);
  const changes = new MapSectionWriter('changes', limits);
  const oids: Oid[] = [];
  for (const row of rows) {
    const key = positionKey(oids.length);
    log.add(key, writer => writeCommit(writer, row));
    changes.add(key, writer => writeChanges(writer, row.changes));
    oids.push(row.oid);
  }
  return { log, changes, commits: commitSection(oids, limits), logLength: oids.length };
}

function commitSection(oids: readonly Oid[], limits: BlockLimits | undefined): MapSectionWriter {
  const section = new MapSectionWriter('commits', limits);
  const sorted = oids.map((oid, position) => ({ oid, position })).sort((a, b) => (a.oid < b.oid ? -1 : 1));
  for (const { oid, position } of sorted) {
    section.add(Buffer.from(oid, 'hex'), writer => writer.uint(position));
  }
  return section;
}

function touchSection(rows: MapContents['touches'], limits: BlockLimits | undefined): MapSectionWriter {
  const section = new MapSectionWriter('touches', limits);
  for (const { path, touches } of rows) {
    section.add(pathKey(path), writer => writeTouches(writer, touches));
  }
  return section;
}
