import { objectMissing } from '../../errors.ts';
import { TOLD_CHANGES } from '../../history/attribution.ts';
import { targetsOf } from '../../layer/journal-layer.ts';
import { hashObject } from '../../object/object-codec.ts';
import { isSafeName, joinPath } from '../../object/paths.ts';
import type { LogEntry } from '../../repository.ts';
import type { LedgerView } from '../../view/view.ts';
import type { BulkCommit, BulkCounts, Decision, Refusal } from '../bulk.ts';
import type { BulkRow } from '../bulk-run.ts';
import { OID_BYTES } from '../run-file.ts';
import type { RunCursor } from '../sort/run-cursor.ts';
import type { BulkMap } from './bulk-map.ts';
import type { BulkPacks } from './bulk-packs.ts';
import type { NumberedPlace } from './folder-rows.ts';
import type { OldEntry } from './open-folder.ts';
import { isFolder } from './open-folder.ts';
import { pathCollides, pathDuplicate, pathIsFolder, pathIsUnsafe } from './refusals.ts';
import { contentOf, describedOf } from './row-content.ts';
import { isSurelySafe } from './surely-safe.ts';
import type { Level, TreeStack } from './tree-stack.ts';

const NONE = Buffer.alloc(0);

export interface BulkWriterOptions {
  options: BulkCommit;
  view: LedgerView;
  stack: TreeStack;
  map: BulkMap;
  packs: BulkPacks;
}

/** Takes the rows of all runs in order, and writes what comes of each into trees and map. */
export class BulkWriter {
  readonly counts: BulkCounts;
  addedPages = 0;
  readonly changes: LogEntry['changes'] = [];
  omitted = 0;
  readonly #with: BulkWriterOptions;
  readonly #refuse: (path: string) => Refusal | undefined;
  readonly #isPage: (path: string) => boolean;
  readonly #packNumbers: readonly (number | undefined)[];
  /** Of the row before, as {@link RunCursor} has them. */
  readonly #last = { bytes: NONE as Buffer, pathStart: 0, pathEnd: 0, oidStart: 0, source: 0, row: 0 };

  constructor(options: BulkWriterOptions) {
    this.#with = options;
    const { repository, runs, refuse } = options.options;
    this.#refuse = refuse(options.view);
    this.#isPage = repository.isPage ?? (() => false);
    this.#packNumbers = runs.map(({ pack }) => pack && options.map.packNumber(pack.name));
    this.counts = emptyCounts();
  }

  /** The row that the cursor stands at. What is returned is to be awaited before it moves. */
  take(cursor: RunCursor): void | Promise<void> {
    const { bytes, pathStart, pathEnd } = cursor;
    const last = this.#last;
    if (samePath(last, cursor)) return this.#repeat(cursor);
    last.bytes = bytes;
    last.pathStart = pathStart;
    last.pathEnd = pathEnd;
    last.oidStart = cursor.oidStart;
    last.source = cursor.source;
    last.row = cursor.row;
    const level = this.#with.stack.enter(bytes, pathStart, pathEnd);
    return level instanceof Promise
      ? level.then(each => this.#place(cursor, each))
      : this.#place(cursor, level);
  }

  #repeat(cursor: RunCursor): void {
    const { bytes, oidStart } = cursor;
    const { bytes: first, oidStart: at } = this.#last;
    if (first.compare(bytes, oidStart, oidStart + OID_BYTES, at, at + OID_BYTES) === 0)
      this.counts.unchanged += 1;
    else {
      const row = cursor.value();
      this.#leave(row, pathDuplicate(row.path, this.#last));
    }
  }

  #leave(row: BulkRow, why: Refusal): void {
    this.counts.refused += 1;
    this.#with.options.onLeft(row, why);
  }

  #place(cursor: RunCursor, level: Level): void | Promise<void> {
    const { folder } = level;
    const path = cursor.bytes.toString('utf8', cursor.pathStart, cursor.pathEnd);
    const name = cursor.bytes.subarray(cursor.pathStart + folder.prefix.length, cursor.pathEnd);
    const why = this.#refusalOf(path, name, level);
    if (why) {
      this.#leave(cursor.value(), why);
      return undefined;
    }
    const old = folder.isNew ? undefined : folder.before(name, false);
    return old ? this.#meet(cursor, level, path, name, old) : this.#write(cursor, level, path, name);
  }

  /** Who may not write there is not told what stands in the way. */
  #refusalOf(path: string, name: Buffer, { folder }: Level): Refusal | undefined {
    if (folder.refusal) return this.#refuse(path) ?? folder.refusal;
    if (!isSurelySafe(name) && !isSafeName(path.slice(path.lastIndexOf('/') + 1))) return pathIsUnsafe(path);
    const refused = this.#refuse(path);
    if (refused) return refused;
    if (!folder.isNew && isFolder(folder.before(name, true))) return pathIsFolder(path);
    const other = folder.collision(name);
    return other === undefined ? undefined : pathCollides(path, joinPath(folder.path, other));
  }

  /** A file where none stood. */
  #write(cursor: RunCursor, level: Level, path: string, name: Buffer): void | Promise<void> {
    const pack = this.#packNumbers[cursor.run];
    if (!cursor.hasPlace || pack === undefined) return this.#writeKnown(cursor, level, path, name);
    level.folder.addFile(name, cursor.bytes, cursor.oidStart);
    level.rows.file(name, cursor.bytes, cursor.oidStart, cursor.size, {
      pack,
      offset: cursor.offset,
      length: cursor.length,
    });
    this.#count(path, cursor, null);
    if (cursor.descriptionEnd === 0 && cursor.targetCount === 0 && !level.rows.isFull) return undefined;
    return this.#tell(cursor, level);
  }

  /** The blob lies in the wiki, or in a pack of its own. */
  async #writeKnown(cursor: RunCursor, level: Level, path: string, name: Buffer): Promise<void> {
    await this.#checkThere(cursor);
    level.folder.addFile(name, cursor.bytes, cursor.oidStart);
    level.rows.file(name, cursor.bytes, cursor.oidStart, cursor.size, undefined);
    this.#count(path, cursor, null);
    await this.#tell(cursor, level);
  }

  async #checkThere({ bytes, oidStart, run }: RunCursor): Promise<void> {
    const { options, view } = this.#with;
    const { packs } = options.repository;
    const oid = bytes.toString('hex', oidStart, oidStart + OID_BYTES);
    if (view.ledger.journal.blob(oid)) return;
    const all = [...(options.runs[run]?.large ?? []), ...view.ledger.packs];
    if (!(await packs.locate(oid, all))) throw objectMissing(oid);
  }

  #count(
    path: string,
    { bytes, oidStart }: { bytes: Buffer; oidStart: number },
    before: string | null,
  ): void {
    const isPage = this.#isPage(path);
    this.counts.written += 1;
    if (isPage) this.counts.pages += 1;
    if (isPage && before === null) this.addedPages += 1;
    if (this.changes.length >= TOLD_CHANGES) this.omitted += 1;
    else this.changes.push({ path, oid: bytes.toString('hex', oidStart, oidStart + OID_BYTES), before });
  }

  /** What the map tells of a new file besides its row. */
  #tell(cursor: RunCursor, level: Level): void | Promise<void> {
    const { map, stack } = this.#with;
    const path = cursor.bytes.subarray(cursor.pathStart, cursor.pathEnd);
    const { bytes } = cursor;
    if (cursor.targetCount > 0) cursor.eachTarget((start, end) => map.link(bytes, path, true, start, end));
    const described =
      cursor.descriptionEnd > 0
        ? map.describe(path, bytes, cursor.descriptionStart, cursor.descriptionEnd)
        : undefined;
    const linked = map.settleLinks();
    const flushed = level.rows.isFull ? stack.flushRows(level) : undefined;
    if (described || linked || flushed)
      return Promise.all([described, linked, flushed]).then(() => undefined);
  }

  /** Where a file stands already. */
  async #meet(cursor: RunCursor, level: Level, path: string, name: Buffer, old: OldEntry): Promise<void> {
    const { options, view } = this.#with;
    const row = cursor.value();
    if (row.oid === old.oid && isRegular(old)) {
      this.counts.unchanged += 1;
      return;
    }
    const commit = (await view.file(path))?.commit ?? '';
    const decision = await options.decide(
      { row, present: { ...old, commit }, content: () => contentOf(options, view, row, cursor.run) },
      view,
    );
    if (decision.kind === 'refuse') this.#leave(row, decision.refusal);
    else if (decision.kind === 'keep') this.counts.kept += 1;
    else await this.#replace(row, cursor, level, name, old, decision);
  }

  async #replace(
    row: BulkRow,
    cursor: RunCursor,
    level: Level,
    name: Buffer,
    old: OldEntry,
    decision: Decision,
  ): Promise<void> {
    const { map, view, stack } = this.#with;
    const file =
      decision.kind === 'replace'
        ? await this.#newFile(row.path, decision.bytes)
        : await this.#rowFile(row, cursor);
    if (file.oid === old.oid && isRegular(old)) {
      this.counts.kept += 1;
      return;
    }
    if (decision.kind === 'replace') this.counts.replaced += 1;
    const oid = Buffer.from(file.oid, 'hex');
    level.folder.addFile(name, oid);
    level.rows.file(name, oid, 0, file.size, file.place);
    this.#count(row.path, { bytes: oid, oidStart: 0 }, old.oid);
    const path = Buffer.from(row.path);
    const before = (await view.layers.description(row.path))?.json;
    if (file.json !== undefined || before)
      await map.describe(path, file.json === undefined ? undefined : Buffer.from(file.json));
    const targets = new Set(file.targets);
    for (const target of targets) map.link(Buffer.from(target), path, true);
    for (const target of new Set(targetsOf(before)))
      if (!targets.has(target)) map.link(Buffer.from(target), path, false);
    await map.settleLinks();
    await stack.flushRows(level);
  }

  async #rowFile(row: BulkRow, cursor: RunCursor): Promise<NewFile> {
    const pack = this.#packNumbers[cursor.run];
    if (!row.place || pack === undefined) await this.#checkThere(cursor);
    return {
      oid: row.oid,
      size: row.size,
      place: row.place && pack !== undefined ? { pack, ...row.place } : undefined,
      json: row.description,
      targets: row.targets,
    };
  }

  async #newFile(path: string, bytes: Buffer): Promise<NewFile> {
    const { map, packs, options } = this.#with;
    const oid = hashObject('blob', bytes);
    const place = await packs.add('blob', oid, bytes);
    const described = describedOf(
      path.endsWith('.md') ? await options.repository.describe(path, bytes) : undefined,
    );
    const { pack, offset, length } = place;
    return {
      oid,
      size: bytes.length,
      place: { pack: map.packNumber(pack), offset, length },
      ...described,
    };
  }
}

type PathAt = Pick<RunCursor, 'bytes' | 'pathStart' | 'pathEnd'>;

function samePath(a: PathAt, b: PathAt): boolean {
  const length = a.pathEnd - a.pathStart;
  if (length !== b.pathEnd - b.pathStart) return false;
  // Neighbours differ at their ends.
  for (let at = length - 1; at >= 0; at -= 1)
    if (a.bytes[a.pathStart + at] !== b.bytes[b.pathStart + at]) return false;
  return true;
}

interface NewFile {
  oid: string;
  size: number;
  place: NumberedPlace | undefined;
  json: string | undefined;
  targets: readonly string[];
}

export function emptyCounts(): BulkCounts {
  return { written: 0, pages: 0, unchanged: 0, kept: 0, replaced: 0, refused: 0, pagesAfter: 0 };
}

function isRegular({ mode }: OldEntry): boolean {
  return mode === 0o100644 || mode === 0o100755;
}
