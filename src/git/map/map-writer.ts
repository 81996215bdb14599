import type { DescriptionRow, LinkRow, LogRow, Row } from '../layer/layer.ts';
import type { Oid } from '../object/objects.ts';
import type { Touch } from '../repository.ts';
import { writeChanges, writeCommit, writeDescription, writeRow, writeTouches } from './map-codec.ts';
import type { MapIndex, MapSectionIndex, MapSectionName } from './map-index.ts';
import { encodeMapEnd } from './map-index.ts';
import { linkKey, pathKey, positionKey, rowKey } from './map-keys.ts';
import type { BlockLimits } from './map-section-writer.ts';
import { MapSectionWriter } from './map-section-writer.ts';

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

export interface EncodedMap {
  /** The file, in parts. */
  bytes: Buffer[];
  index: MapIndex;
}

/** Entries between two pauses of {@link encodeMapInSteps}. */
const STEP = 512;

/**
 * The contents as a map file.
 * @throws KittiwakeError `map_unsorted` when the contents are not in order
 */
export function encodeMap(contents: MapContents, limits?: BlockLimits): EncodedMap {
  const steps = encodeMapInSteps(contents, limits);
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
  }
}

/** {@link encodeMap} that pauses every few milliseconds, for processes that have others to answer meanwhile. */
export function* encodeMapInSteps(
  contents: MapContents,
  limits?: BlockLimits,
): Generator<undefined, EncodedMap, undefined> {
  const file = new MapFile();
  const packs: string[] = [];
  yield* file.append(yield* rowSection(contents.rows, packs, limits));
  yield* file.append(yield* descriptionSection(contents.descriptions, limits));
  yield* file.append(yield* linkSection(contents.links, limits));
  const { log, changes, commits, logLength, isWhole } = yield* logSections(contents.log, limits);
  yield* file.append(log);
  yield* file.append(changes);
  yield* file.append(yield* touchSection(contents.touches, limits));
  yield* file.append(commits);
  return file.finish(packs, logLength, isWhole ? 1 : 2);
}

type Limits = BlockLimits | undefined;
type Steps<T> = Generator<undefined, T, undefined>;

class MapFile {
  readonly #parts: Buffer[] = [];
  readonly #sections: { [Name in MapSectionName]?: MapSectionIndex } = {};
  #bytes = 0;

  *append(section: MapSectionWriter): Steps<void> {
    const start = this.#bytes;
    for (const block of section.seal()) {
      this.#parts.push(block);
      this.#bytes += block.length;
      yield;
    }
    const index = section.index(start);
    if (index) this.#sections[section.name] = index;
  }

  finish(packs: readonly string[], logLength: number, format: MapIndex['format']): EncodedMap {
    const index: MapIndex = { format, bytes: this.#bytes, packs, logLength, sections: this.#sections };
    return { bytes: [...this.#parts, encodeMapEnd(index)], index };
  }
}

function* rowSection(rows: MapContents['rows'], packs: string[], limits: Limits): Steps<MapSectionWriter> {
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
    if (section.count % STEP === 0) yield;
  }
  return section;
}

function* descriptionSection(rows: Iterable<DescriptionRow>, limits: Limits): Steps<MapSectionWriter> {
  const section = new MapSectionWriter('descriptions', limits);
  for (const { path, json } of rows) {
    section.add(pathKey(path), writer => writeDescription(writer, json));
    if (section.count % STEP === 0) yield;
  }
  return section;
}

function* linkSection(rows: Iterable<LinkRow>, limits: Limits): Steps<MapSectionWriter> {
  const section = new MapSectionWriter('links', limits);
  for (const { target, source, present } of rows) {
    section.add(linkKey(target, source), writer => writer.byte(present ? 1 : 0));
    if (section.count % STEP === 0) yield;
  }
  return section;
}

function* logSections(rows: Iterable<LogRow>, limits: Limits) {
  const log = new MapSectionWriter('log', limits);
  const changes = new MapSectionWriter('changes', limits);
  const oids: Oid[] = [];
  let isWhole = true;
  for (const row of rows) {
    const key = positionKey(oids.length);
    log.add(key, writer => writeCommit(writer, row));
    changes.add(key, writer => writeChanges(writer, row));
    if (row.omitted) isWhole = false;
    if (oids.push(row.oid) % STEP === 0) yield;
  }
  return { log, changes, commits: yield* commitSection(oids, limits), logLength: oids.length, isWhole };
}

function* commitSection(oids: readonly Oid[], limits: Limits): Steps<MapSectionWriter> {
  const section = new MapSectionWriter('commits', limits);
  const sorted = oids.map((oid, position) => ({ oid, position })).sort((a, b) => (a.oid < b.oid ? -1 : 1));
  for (const { oid, position } of sorted) {
    section.add(Buffer.from(oid, 'hex'), writer => writer.uint(position));
    if (section.count % STEP === 0) yield;
  }
  return section;
}

function* touchSection(rows: MapContents['touches'], limits: Limits): Steps<MapSectionWriter> {
  const section = new MapSectionWriter('touches', limits);
  for (const { path, touches } of rows) {
    section.add(pathKey(path), writer => writeTouches(writer, touches));
    if (section.count % STEP === 0) yield;
  }
  return section;
}
