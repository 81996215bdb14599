import { largePacks } from '../commit/large-packs.ts';
import { objectMissing } from '../errors.ts';
import type { OpenBlob } from '../large/large.ts';
import type { DescribedTables } from '../layer/described.ts';
import { JournalLayer } from '../layer/journal-layer.ts';
import type { CommitRow, FileRow, LogRow, MaybePromise, Row } from '../layer/layer.ts';
import { fileInfo, Layers } from '../layer/layers.ts';
import { attempt, chain, gather } from '../layer/maybe-promise.ts';
import type { Ledger, PackRef } from '../ledger/ledger.ts';
import { headOf } from '../ledger/ledger.ts';
import { decodeCommit } from '../object/object-codec.ts';
import type { Commit, Oid } from '../object/objects.ts';
import { MODE_FOLDER } from '../object/objects.ts';
import { splitPath } from '../object/paths.ts';
import type {
  CommitInfo,
  Described,
  FileInfo,
  FolderEntry,
  LogEntry,
  Touch,
  TreeReader,
  Usage,
  View,
} from '../repository.ts';
import type { BlobStore } from './blob-store.ts';
import { createTreeReader } from './tree-reader.ts';
import type { TreeSource, TreeStore } from './tree-store.ts';

/** What views of one wiki share: caches over immutable data. */
export interface ViewEnvironment {
  blobs: BlobStore;
  trees: TreeStore;
  tables: DescribedTables;
  /** The maps of a ledger, as layers. */
  lower(ledger: Ledger): Layers;
  /** See {@link View.together}. */
  together<T>(ask: () => T): T;
  /** Whether a commit that a purge has replaced begins with `prefix`. */
  holdsGone(prefix: string, ledger: Ledger): Promise<boolean>;
  /** Which files are pages. Default: none. */
  isPage?: ((path: string) => boolean) | undefined;
}

/** One ledger version, read through its layers. */
export class LedgerView implements View<unknown> {
  readonly ledger: Ledger;
  readonly head: Oid | undefined;
  readonly ordinal: number;
  readonly layers: Layers;
  readonly journalLayer: JournalLayer;
  readonly #env: ViewEnvironment;
  readonly #lower: Layers;
  readonly #forWriting: boolean;
  #writing: LedgerView | undefined;
  #pages: { counted: number | undefined };

  constructor(ledger: Ledger, env: ViewEnvironment, read?: LedgerView) {
    const { oid, ordinal } = headOf(ledger);
    this.ledger = ledger;
    this.head = oid;
    this.ordinal = ordinal;
    this.#env = env;
    this.#forWriting = read !== undefined;
    this.#pages = read ? read.#pages : { counted: ledger.pages };
    this.#lower = env.lower(ledger);
    this.journalLayer = new JournalLayer({
      journal: ledger.journal,
      lower: this.#lower,
      describe: (path, blob) => env.blobs.describe(path, blob, ledger),
    });
    this.layers = new Layers([this.journalLayer, ...this.#lower.all]);
  }

  get treeSource(): TreeSource {
    return { journal: this.ledger.journal, lower: this.#lower, packs: this.ledger.packs };
  }

  get policy(): unknown {
    return this.ledger.policy?.value;
  }

  /** Undefined: they were not counted yet. */
  get pages(): number | undefined {
    return this.#pages.counted;
  }

  usage(): MaybePromise<Usage> {
    const bytes = storedBytes(this.ledger);
    return chain(this.pages ?? this.#countPages(), pages => ({ pages, bytes }));
  }

  async #countPages(): Promise<number> {
    const { isPage = () => false } = this.#env;
    const files = await this.layers.files('');
    const counted = files.filter(file => isPage(file.path)).length;
    this.#pages.counted = counted;
    return counted;
  }

  /** Packs of single large blobs that no flush has listed yet. */
  largePacks(): PackRef[] {
    return largePacks(this.ledger).map(each => each.ref);
  }

  together<T>(ask: () => T): T {
    return this.#env.together(ask);
  }

  /**
   * The same, for planning a commit: whatever has to be read to tell what stands at a path brings along what a commit that
   * changes it will need.
   */
  get writing(): LedgerView {
    this.#writing ??= this.#forWriting ? this : new LedgerView(this.ledger, this.#env, this);
    return this.#writing;
  }

  /** Gets into memory, in one go, what a commit that changes these paths needs: the rows of the folders above them. */
  prepareCommit(paths: Iterable<string>): MaybePromise<void> {
    if (this.head === undefined) return;
    return this.#env.together(() => {
      const root = attempt(() => this.#root());
      const known = root instanceof Promise ? undefined : root;
      const folders = new Set<string>();
      for (const path of paths)
        for (const folder of this.#env.trees.missingAbove(path, known))
          if (this.ledger.journal.anchor(folder) === undefined) folders.add(folder);
      const rows = folders.size === 0 ? undefined : attempt(() => this.layers.prefetchRows([...folders]));
      return chain(gather([root, rows]), () => undefined);
    });
  }

  #row(path: string): MaybePromise<Row | undefined> {
    const { folder, name } = splitPath(path);
    if (!this.#forWriting) return this.layers.row(folder, name);
    return this.#env.together(() => {
      const row = this.layers.row(folder, name);
      if (!(row instanceof Promise)) return row;
      return Promise.all([row, attempt(() => this.prepareCommit([path]))]).then(([found]) => found);
    });
  }

  async file(path: string): Promise<FileInfo | undefined> {
    const found = this.#row(path);
    const row = found instanceof Promise ? await found : found;
    return row?.kind === 'file' ? this.#info(path, row) : undefined;
  }

  #info(path: string, row: FileRow): FileInfo {
    if (row.place) this.#env.blobs.hint(row.oid, row.place);
    if (row.commitPlace) this.#env.blobs.hint(row.commit, row.commitPlace);
    return fileInfo(path, row);
  }

  async entry(path: string): Promise<FolderEntry | undefined> {
    if (path === '') return { name: '', mode: MODE_FOLDER, oid: await this.#root() };
    const row = await this.#row(path);
    return row && toEntry(row);
  }

  async folder(path: string): Promise<FolderEntry[]> {
    const rows = await this.layers.rows(path);
    return rows.flatMap(row => toEntry(row) ?? []);
  }

  files(folder: string): Promise<{ path: string; mode: number; oid: Oid }[]> {
    return Promise.resolve(this.layers.files(folder));
  }

  blob(oid: Oid): Promise<Buffer> {
    return this.#env.blobs.read(oid, this.ledger);
  }

  openBlob(oid: Oid): Promise<OpenBlob> {
    return this.#env.blobs.open(oid, this.ledger);
  }

  async commit(oid: Oid): Promise<CommitInfo | undefined> {
    const row = await this.layers.commit(oid);
    return row && toInfo(row);
  }

  async logEntry(oid: Oid): Promise<LogEntry | undefined> {
    const row = await this.layers.logRow(oid);
    return row && toLogEntry(row);
  }

  async lastChange(file: Pick<FileInfo, 'commit'>): Promise<(Commit & { oid: Oid }) | undefined> {
    const oid = file.commit;
    const recent = this.journalLayer.commit(oid);
    if (recent) return toInfo(recent);
    const hinted = await this.#env.blobs.hintedCommit(oid, this.ledger);
    return hinted ? { oid, ...hinted } : this.commit(oid);
  }

  #root(): MaybePromise<Oid> {
    const newest = this.ledger.journal.last();
    if (newest) return newest.entry.folders.find(({ path }) => path === '')?.oid ?? newest.commit.tree;
    const { head } = this;
    if (head === undefined) throw objectMissing('HEAD');
    return chain(this.layers.lastCommit(), last =>
      chain(last?.oid === head ? last : this.layers.commit(head), row => {
        if (!row) throw objectMissing(head);
        return decodeCommit(row.bytes).tree;
      }),
    );
  }

  async at(oid: Oid): Promise<TreeReader> {
    if (oid === this.head) return this;
    const commit = await this.commit(oid);
    if (!commit) throw objectMissing(oid);
    return createTreeReader(commit.tree, tree => this.#env.trees.load(tree, undefined, this.treeSource));
  }

  async resolve(prefix: string): Promise<Oid[]> {
    return [...(await this.layers.resolve(prefix))];
  }

  async isPurged(prefix: string): Promise<boolean> {
    return this.#env.holdsGone(prefix, this.ledger);
  }

  touches(path: string): AsyncIterable<Touch> {
    return this.layers.touches(path);
  }

  async *log(): AsyncIterable<LogEntry> {
    for await (const row of this.layers.log()) yield toLogEntry(row);
  }

  async *logAfter(oid: Oid | undefined): AsyncIterable<LogEntry> {
    for await (const row of this.layers.logAfter(oid)) yield toLogEntry(row);
  }

  described(): Promise<readonly Described<unknown>[]> {
    return this.#env.tables.of(this);
  }

  async sources(target: string, options: { prefix?: boolean } = {}): Promise<string[]> {
    return [...(await this.layers.sources(target, options.prefix ?? false))];
  }
}

function storedBytes({ packs, keySegments, journal }: Ledger): number {
  let bytes = journal.byteLength + journal.largeBytes;
  for (const pack of packs) bytes += pack.bytes + pack.indexBytes + (pack.map?.bytes ?? 0);
  for (const segment of keySegments) bytes += segment.bytes;
  return bytes;
}

function toEntry(row: Row): FolderEntry | undefined {
  if (row.kind === 'gone') return undefined;
  return { name: row.name, mode: row.kind === 'file' ? row.mode : MODE_FOLDER, oid: row.oid };
}

function toLogEntry(row: LogRow): LogEntry {
  const { changes, omitted } = row;
  return { commit: toInfo(row), changes: [...changes], ...(omitted && { omitted }) };
}

function toInfo(row: CommitRow): CommitInfo {
  return { oid: row.oid, ordinal: row.ordinal, ...decodeCommit(row.bytes) };
}
