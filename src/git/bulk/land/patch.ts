import { isKittiwakeError } from '../../../core/errors.ts';
import { formatCommit } from '../../commit/commit.ts';
import { targetsOf } from '../../layer/journal-layer.ts';
import type { DescriptionRow, FileRow, LinkRow, Row } from '../../layer/layer.ts';
import type { MapLayer } from '../../map/map-reader.ts';
import { hashObject } from '../../object/object-codec.ts';
import type { Oid } from '../../object/objects.ts';
import { MODE_FILE } from '../../object/objects.ts';
import { splitPath } from '../../object/paths.ts';
import type { Change, LogEntry } from '../../repository.ts';
import type { Tree } from '../../tree/tree.ts';
import type { TreeChange } from '../../tree/tree-diff.ts';
import { diffTrees } from '../../tree/tree-diff.ts';
import type { LedgerView } from '../../view/view.ts';
import type { Built } from '../build/build.ts';
import { contentOf, describedOf } from '../build/row-content.ts';
import type { BulkCommit, BulkCounts, Decision, Refusal } from '../bulk.ts';
import type { BulkRow } from '../bulk-run.ts';
import type { KnownRows } from './known-rows.ts';

/** When others have changed more files, everything is made anew. */
const MAX_CHANGES = 5_000;

/** What becomes of built trees on a newer head: all of it is small. */
export interface Patch {
  root: Oid;
  trees: readonly Tree[];
  blobs: readonly { oid: Oid; bytes: Buffer }[];
  /** Files without a commit are those of this one. */
  rows: readonly { folder: string; row: Row }[];
  descriptions: readonly DescriptionRow[];
  links: readonly LinkRow[];
  /** Files of this commit that the built map does not tell rightly. */
  touched: readonly { path: string; oid: Oid }[];
  /** Paths whose rows in the built map count for no touch. */
  without: readonly string[];
  counts: BulkCounts;
  changes: LogEntry['changes'];
  omitted: number;
  left: readonly { row: BulkRow; why: Refusal }[];
}

/** Merges what others committed since the trees were built. Undefined: that is too much, or in the way. */
export async function patchBuilt(
  options: BulkCommit,
  built: Built,
  known: KnownRows,
  view: LedgerView,
): Promise<Patch | undefined> {
  const patching = new Patching(options, built, known, view);
  const theirs = view.head === built.view.head ? [] : await patching.theirChanges();
  if (theirs.length > MAX_CHANGES) return undefined;
  if (!(await patching.takeAll(theirs))) return undefined;
  try {
    return await patching.finish();
  } catch (error) {
    // A file of theirs stands where a folder of ours is, or the reverse.
    if (isKittiwakeError(error, 'path_clash')) return undefined;
    throw error;
  }
}

interface BothChanged {
  change: TreeChange;
  ours: FileRow;
}

class Patching {
  readonly #options: BulkCommit;
  readonly #built: Built;
  readonly #view: LedgerView;
  readonly #known: KnownRows;
  readonly #map: MapLayer;
  readonly #edits: Change[] = [];
  readonly #blobs: { oid: Oid; bytes: Buffer }[] = [];
  readonly #rows: { folder: string; row: Row }[] = [];
  readonly #descriptions: DescriptionRow[] = [];
  readonly #links: LinkRow[] = [];
  readonly #touched: { path: string; oid: Oid }[] = [];
  readonly #without: string[] = [];
  readonly #left: { row: BulkRow; why: Refusal }[] = [];
  readonly #counts: BulkCounts;
  readonly #changed: Map<string, LogEntry['changes'][number] | undefined> = new Map();
  #addedPages: number;

  constructor(options: BulkCommit, built: Built, known: KnownRows, view: LedgerView) {
    this.#options = options;
    this.#built = built;
    this.#view = view;
    this.#counts = { ...built.counts };
    this.#addedPages = built.addedPages;
    this.#known = known;
    this.#map = known.map;
  }

  #load = (oid: Oid): Promise<Tree> => {
    const source = this.#view.treeSource;
    const packs = [...this.#built.trees, ...source.packs];
    return this.#options.repository.trees.load(oid, undefined, { ...source, packs });
  };

  async theirChanges(): Promise<TreeChange[]> {
    return diffTrees(await rootOf(this.#built.view), await rootOf(this.#view), this.#load);
  }

  /** False when a file of theirs is where ours has a folder. */
  async takeAll(theirs: readonly TreeChange[]): Promise<boolean> {
    const both: BothChanged[] = [];
    for (const change of theirs) {
      const { folder, name } = splitPath(change.path);
      const ours = await this.#map.row(folder, name);
      if (ours?.kind === 'folder') return false;
      if (ours?.kind === 'file') both.push({ change, ours });
      else this.#edits.push(editTo(change));
    }
    if (both.length === 0) return true;
    const rows = await this.#known.of(both.map(({ change }) => change.path));
    for (const each of both) {
      const found = rows.get(each.change.path);
      if (!found) return false;
      await this.#takeBoth(each, found.row, found.run);
    }
    return true;
  }

  async #takeBoth({ change, ours }: BothChanged, row: BulkRow, run: number): Promise<void> {
    const { path, after } = change;
    const decision = await this.#decide(change, ours, row, run);
    const before = after?.oid ?? null;
    this.#countPage(change);
    if (decision.kind === 'write') {
      this.#changed.set(path, { path, oid: ours.oid, before });
      await this.#tellOurs(path);
    } else if (decision.kind === 'replace') await this.#takeMerged(path, decision.bytes, before);
    else await this.#keepTheirs(change, ours, row, decision);
  }

  async #decide({ path, after }: TreeChange, ours: FileRow, row: BulkRow, run: number): Promise<Decision> {
    if (after === null) return { kind: 'write' };
    if (after.oid === ours.oid) return { kind: 'keep' };
    const commit = (await this.#view.file(path))?.commit ?? '';
    const content = () => contentOf(this.#options, this.#view, row, run);
    return this.#options.decide({ row, present: { ...after, commit }, content }, this.#view);
  }

  /** Pages that both have added are counted once. */
  #countPage({ path, before, after }: TreeChange): void {
    if (!this.#options.repository.isPage?.(path)) return;
    if (before === null && after !== null) this.#addedPages -= 1;
    if (before !== null && after === null) this.#addedPages += 1;
  }

  async #keepTheirs(
    { path, after }: TreeChange,
    ours: FileRow,
    row: BulkRow,
    decision: Decision,
  ): Promise<void> {
    this.#edits.push(editTo({ path, after }));
    this.#without.push(path);
    this.#changed.set(path, undefined);
    this.#counts.written -= 1;
    if (this.#options.repository.isPage?.(path)) this.#counts.pages -= 1;
    if (decision.kind === 'refuse') {
      this.#counts.refused += 1;
      this.#left.push({ row, why: decision.refusal });
    } else if (after?.oid === ours.oid) this.#counts.unchanged += 1;
    else this.#counts.kept += 1;
    const { folder, name } = splitPath(path);
    const theirs = await this.#view.layers.row(folder, name);
    if (theirs) this.#rows.push({ folder, row: theirs });
    const json = (await this.#view.layers.description(path))?.json ?? null;
    await this.#tell(path, json);
  }

  async #tellOurs(path: string): Promise<void> {
    await this.#tell(path, (await this.#map.description(path))?.json ?? null);
  }

  async #takeMerged(path: string, bytes: Buffer, before: Oid | null): Promise<void> {
    const oid = hashObject('blob', bytes);
    const { folder, name } = splitPath(path);
    this.#edits.push({ path, to: { oid, mode: MODE_FILE, size: bytes.length } });
    this.#blobs.push({ oid, bytes });
    this.#counts.replaced += 1;
    this.#without.push(path);
    this.#touched.push({ path, oid });
    this.#changed.set(path, { path, oid, before });
    const facts = {
      mode: MODE_FILE,
      oid,
      size: bytes.length,
      commit: '',
      ordinal: 0,
      seconds: 0,
      offsetMinutes: 0,
    };
    this.#rows.push({ folder, row: { kind: 'file', name, ...facts } });
    const { describe } = this.#options.repository;
    const { json } = describedOf(path.endsWith('.md') ? await describe(path, bytes) : undefined);
    await this.#tell(path, json ?? null);
  }

  /** Says all of a file's description and links, whatever lies below. */
  async #tell(path: string, json: string | null): Promise<void> {
    this.#descriptions.push({ path, json });
    const now = new Set(targetsOf(json));
    const below = [
      ...targetsOf((await this.#map.description(path))?.json),
      ...targetsOf((await this.#view.layers.description(path))?.json),
    ];
    for (const target of new Set([...now, ...below]))
      this.#links.push({ target, source: path, present: now.has(target) });
  }

  async finish(): Promise<Patch> {
    const grown = await this.#grow();
    const { changes, omitted } = this.#changes();
    const pages = (await this.#view.usage()).pages;
    return {
      root: grown.root,
      trees: grown.trees,
      blobs: this.#blobs,
      rows: [...this.#rows, ...grown.rows],
      descriptions: this.#descriptions,
      links: this.#links,
      touched: this.#touched,
      without: this.#without,
      counts: { ...this.#counts, pagesAfter: pages + this.#addedPages },
      changes,
      omitted,
      left: this.#left,
    };
  }

  async #grow(): Promise<Pick<Patch, 'root' | 'trees' | 'rows'>> {
    const { root } = this.#built;
    if (this.#edits.length === 0) return { root, trees: [], rows: [] };
    const { repository, author, requestId } = this.#options;
    const { committer, runtime } = repository;
    const draft = { changes: this.#edits, message: '', author };
    const made = await formatCommit(draft, {
      ledger: this.#view.ledger,
      requestId,
      nowMs: runtime.now(),
      committer,
      root: await this.#load(root),
      load: this.#load,
      large: () => undefined,
      known: () => true,
    });
    const folders = made.entry.folders.filter(({ path }) => path !== '');
    const rows = folders.map(({ path, oid }) => {
      const { folder, name } = splitPath(path);
      const row: Row = oid === null ? { kind: 'gone', name } : { kind: 'folder', name, oid };
      return { folder, row };
    });
    return { root: made.commit.tree, trees: made.trees, rows };
  }

  #changes(): Pick<Patch, 'changes' | 'omitted'> {
    const told = new Set(this.#built.changes.map(({ path }) => path));
    const changes = this.#built.changes.flatMap(change => {
      const other = this.#changed.has(change.path) ? this.#changed.get(change.path) : change;
      return other ? [other] : [];
    });
    const fewer = [...this.#changed].filter(([path, change]) => !change && !told.has(path)).length;
    return { changes, omitted: this.#built.omitted - fewer };
  }
}

function editTo({ path, after }: Pick<TreeChange, 'path' | 'after'>): Change {
  return { path, to: after === null ? null : { oid: after.oid, mode: after.mode, size: 0 } };
}

async function rootOf(view: LedgerView): Promise<Oid | null> {
  return view.head === undefined ? null : ((await view.entry(''))?.oid ?? null);
}
