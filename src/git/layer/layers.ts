import type { Oid } from '../object/objects.ts';
import { MODE_FOLDER } from '../object/objects.ts';
import { joinPath, splitPath } from '../object/paths.ts';
import type { FileInfo, FolderEntry, Touch } from '../repository.ts';
import type {
  CommitRow,
  DescriptionRow,
  FileRow,
  Layer,
  LinkRow,
  LogRow,
  MaybePromise,
  Row,
} from './layer.ts';
import { overlayDescriptions, overlayRows, overlaySources } from './layer-overlay.ts';
import { attempt, chain, firstOf, gather } from './maybe-promise.ts';

/** A file as {@link Layers.files} lists it. */
export interface FileEntry {
  path: string;
  mode: number;
  oid: Oid;
}

const FIRST_PAGE = 64;
const LARGEST_PAGE = 1024;

/**
 * Layers on top of each other, newest first, as one. Relied on: a layer that removes a folder has a tombstone for it and
 * for everything that was in it; one that removes a file hides its description and its links. Answers are values when all
 * layers have them in memory; what has to be read is read from all layers at once.
 */
export class Layers {
  /** Newest first. */
  readonly all: readonly Layer[];

  constructor(layers: readonly Layer[]) {
    this.all = layers;
  }

  #ask<T>(question: (layer: Layer) => MaybePromise<T>): MaybePromise<T[]> {
    return gather(this.all.map(layer => attempt(() => question(layer))));
  }

  /** What is at `name` in `folder`; never a tombstone. */
  row(folder: string, name: string): MaybePromise<Row | undefined> {
    return chain(
      firstOf(this.all, layer => layer.row(folder, name)),
      row => (row?.kind === 'gone' ? undefined : row),
    );
  }

  /** Direct children in git's tree order, without tombstones. */
  rows(folder: string): MaybePromise<readonly Row[]> {
    return chain(
      this.#ask(layer => layer.rows(folder)),
      lists => overlayRows(lists, false),
    );
  }

  file(path: string): MaybePromise<FileInfo | undefined> {
    const { folder, name } = splitPath(path);
    return chain(this.row(folder, name), row => {
      return row?.kind === 'file' ? fileInfo(path, row) : undefined;
    });
  }

  /** A file or a folder; the root is in no row. */
  entry(path: string): MaybePromise<FolderEntry | undefined> {
    const { folder, name } = splitPath(path);
    return chain(this.row(folder, name), row => {
      if (!row || row.kind === 'gone') return undefined;
      return { name, mode: row.kind === 'file' ? row.mode : MODE_FOLDER, oid: row.oid };
    });
  }

  /** All files below a folder, in path order. */
  files(folder: string): MaybePromise<FileEntry[]> {
    return chain(
      this.#ask(layer => layer.prefetch?.(folder)),
      () => this.#filesBelow(folder),
    );
  }

  /** Gets the rows of these folders into memory, in one go. */
  prefetchRows(folders: readonly string[]): MaybePromise<void> {
    const reads = folders.map(folder => this.#ask(layer => layer.prefetchRows?.(folder)));
    return chain(gather(reads), () => undefined);
  }

  /** Gets all rows into memory, as far as they are not too many. */
  prefetchAll(): MaybePromise<void> {
    return chain(
      this.#ask(layer => layer.prefetch?.('')),
      () => undefined,
    );
  }

  #filesBelow(folder: string): MaybePromise<FileEntry[]> {
    return chain(this.rows(folder), rows =>
      chain(gather(rows.map(row => attempt(() => this.#filesOf(folder, row)))), parts => parts.flat()),
    );
  }

  #filesOf(folder: string, row: Row): MaybePromise<FileEntry | FileEntry[]> {
    const path = joinPath(folder, row.name);
    return row.kind === 'file' ? { path, mode: row.mode, oid: row.oid } : this.#filesBelow(path);
  }

  /** All descriptions that are not hidden, in path order. */
  descriptions(): MaybePromise<readonly DescriptionRow[]> {
    return chain(
      this.#ask(layer => layer.descriptions()),
      overlayDescriptions,
    );
  }

  /** The description of one file unless it is hidden. */
  description(path: string): MaybePromise<DescriptionRow | undefined> {
    return chain(
      firstOf(this.all, layer => layer.description(path)),
      row => (row?.json === null ? undefined : row),
    );
  }

  /** Sources that have the target, or one that starts with it; sorted, unique. */
  sources(target: string, prefix: boolean): MaybePromise<string[]> {
    return chain(
      this.#ask(layer => layer.links(target, prefix)),
      lists => overlaySources(lists.map((rows, at) => this.#shown(rows, at))),
    );
  }

  /** Without the links of files that a layer above layer `at` tells anew. */
  #shown(rows: readonly LinkRow[], at: number): readonly LinkRow[] {
    const above = rows.length === 0 ? [] : this.all.slice(0, at).filter(layer => layer.hidesLinksOf);
    if (above.length === 0) return rows;
    return rows.filter(({ source }) => !above.some(layer => layer.hidesLinksOf?.(source)));
  }

  /** Commits that touched `path`, newest first. */
  async *touches(path: string): AsyncGenerator<Touch, void, undefined> {
    const lists = this.all.map(layer => attempt(() => layer.touches(path)));
    // The caller may stop before a list that fails.
    for (const list of lists) if (list instanceof Promise) list.catch(() => {});
    for (const list of lists) yield* list instanceof Promise ? await list : list;
  }

  /** Number of all commits. */
  get logLength(): number {
    return this.all.reduce((sum, layer) => sum + layer.logLength, 0);
  }

  /** All commits, newest first, read in pages that grow. */
  async *log(): AsyncGenerator<LogRow, void, undefined> {
    let size = FIRST_PAGE;
    for (let to = this.logLength; to > 0; to -= size, size = Math.min(size * 2, LARGEST_PAGE)) {
      const page = await this.logPage(Math.max(0, to - size), to);
      yield* page.toReversed();
    }
  }

  /** Those behind a commit (undefined: all), oldest first, read in pages that grow. */
  async *logAfter(oid: Oid | undefined): AsyncGenerator<LogRow, void, undefined> {
    const position = oid === undefined ? -1 : await this.findCommit(oid);
    if (position === undefined) return;
    const end = this.logLength;
    let size = FIRST_PAGE;
    for (let from = position + 1; from < end; from += size, size = Math.min(size * 2, LARGEST_PAGE)) {
      yield* await this.logPage(from, Math.min(from + size, end));
    }
  }

  /** Commits from position `from` (0 is the oldest of all) up to `to` (exclusive), oldest first. */
  logPage(from: number, to: number): MaybePromise<LogRow[]> {
    let start = 0;
    const parts = this.all.toReversed().map(layer => {
      const [low, high] = [Math.max(from - start, 0), Math.min(to - start, layer.logLength)];
      start += layer.logLength;
      return low < high ? attempt(() => layer.log(low, high)) : [];
    });
    return chain(gather(parts), pages => pages.flat());
  }

  /** The position of a commit in the log of all layers. */
  findCommit(oid: Oid): MaybePromise<number | undefined> {
    let start = this.logLength;
    const starts = this.all.map(layer => {
      start -= layer.logLength;
      return { layer, start };
    });
    return firstOf(starts, each =>
      chain(each.layer.findCommit(oid), position =>
        position !== undefined ? each.start + position : undefined,
      ),
    );
  }

  /** A commit without its changes. */
  commit(oid: Oid): MaybePromise<CommitRow | undefined> {
    return firstOf(this.all, layer => (layer.commit ? layer.commit(oid) : rowFromLog(layer, oid)));
  }

  /** A commit with its changes. */
  logRow(oid: Oid): MaybePromise<LogRow | undefined> {
    return firstOf(this.all, layer => rowFromLog(layer, oid));
  }

  /** The newest commit without its changes. */
  lastCommit(): MaybePromise<CommitRow | undefined> {
    const layer = this.all.find(each => each.logLength > 0);
    if (!layer) return undefined;
    if (layer.lastCommit) return layer.lastCommit();
    return chain(layer.log(layer.logLength - 1, layer.logLength), ([row]) => row);
  }

  /** Commits whose id starts with `prefix`; at most two. */
  resolve(prefix: string): MaybePromise<Oid[]> {
    return chain(
      this.#ask(layer => layer.resolve(prefix)),
      lists => [...new Set(lists.flat())].slice(0, 2),
    );
  }
}

/** What a row tells of the file at `path`. */
export function fileInfo(path: string, row: FileRow): FileInfo {
  const { mode, oid, size, commit, ordinal, seconds, offsetMinutes } = row;
  return { path, mode, oid, size, commit, ordinal, seconds, offsetMinutes };
}

function rowFromLog(layer: Layer, oid: Oid): MaybePromise<LogRow | undefined> {
  return chain(layer.findCommit(oid), position =>
    position === undefined ? undefined : chain(layer.log(position, position + 1), ([row]) => row),
  );
}
