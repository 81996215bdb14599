import type { Journal } from '../ledger/journal.ts';
import type { Oid } from '../object/objects.ts';
import { comparePaths, splitPath } from '../object/paths.ts';
import type { Touch } from '../repository.ts';
import type { CommitRow, DescriptionRow, Layer, LinkRow, LogRow, MaybePromise, Row } from './layer.ts';
import { compareLinks } from './layer-overlay.ts';
import type { Layers } from './layers.ts';
import { type FileLinks, type LinkIndex, linkIndexAbove } from './link-index.ts';
import { attempt, chain, gather } from './maybe-promise.ts';
import { compareRows } from './row-order.ts';

/** What a description becomes when it is stored: the facts, and the targets by which the file is found. */
export interface StoredDescription {
  facts: unknown;
  targets: readonly string[];
}

export interface JournalLayerOptions {
  journal: Journal;
  /** The layers below: the maps. */
  lower: Layers;
  /** The JSON of a {@link StoredDescription}, or null for a file that has none. */
  describe(path: string, oid: Oid): MaybePromise<string | null>;
}

/** The commits since the last flush, as the top layer; and what a flush will write into a map. */
export class JournalLayer implements Layer {
  readonly #journal: Journal;
  readonly #lower: Layers;
  readonly #describe: JournalLayerOptions['describe'];
  readonly #links: LinkIndex;

  constructor({ journal, lower, describe }: JournalLayerOptions) {
    this.#journal = journal;
    this.#lower = lower;
    this.#describe = describe;
    this.#links = linkIndexAbove(lower);
  }

  row(folder: string, name: string): Row | undefined {
    return this.#journal.row(folder, name);
  }

  rows(folder: string): Row[] {
    return this.#journal.rows(folder).sort(compareRows);
  }

  get logLength(): number {
    return this.#journal.commitCount;
  }

  findCommit(oid: Oid): number | undefined {
    return this.#journal.position(oid);
  }

  commit(oid: Oid): CommitRow | undefined {
    const position = this.#journal.position(oid);
    const found = position === undefined ? undefined : this.#journal.commitAt(position);
    return found && { oid, ordinal: found.ordinal, bytes: found.entry.bytes };
  }

  resolve(prefix: string): Oid[] {
    const found: Oid[] = [];
    for (const { entry } of this.#journal.commits()) {
      if (entry.oid.startsWith(prefix) && found.push(entry.oid) === 2) break;
    }
    return found;
  }

  touches(path: string): Touch[] {
    return this.#journal
      .touches(path)
      .reverse()
      .flatMap(({ position, oid }) => {
        const found = this.#journal.commitAt(position);
        return found ? [{ commit: found.entry.oid, ordinal: found.ordinal, oid }] : [];
      });
  }

  async log(from: number, to: number): Promise<LogRow[]> {
    return Promise.all(
      this.#journal.commits(from, to).map(async ({ at, ordinal, entry }) => ({
        oid: entry.oid,
        ordinal,
        bytes: entry.bytes,
        changes: await Promise.all(
          entry.files.map(async ({ path, oid }) => ({ path, oid, before: await this.#before(path, at) })),
        ),
      })),
    );
  }

  /** What the path held before entry `at`. */
  async #before(path: string, at: number): Promise<Oid | null> {
    const { folder, name } = splitPath(path);
    const row = this.#journal.row(folder, name, at) ?? (await this.#lower.row(folder, name));
    return row?.kind === 'file' ? row.oid : null;
  }

  description(path: string): MaybePromise<DescriptionRow | undefined> {
    if (!this.#journal.changed(path)) return undefined;
    const { folder, name } = splitPath(path);
    const row = this.#journal.row(folder, name);
    if (row?.kind !== 'file') return { path, json: null };
    const json = this.#describe(path, row.oid);
    return json instanceof Promise ? json.then(known => ({ path, json: known })) : { path, json };
  }

  async descriptions(): Promise<DescriptionRow[]> {
    const paths = this.#journal.changedFiles().sort(comparePaths);
    const rows = await Promise.all(paths.map(path => this.description(path)));
    return rows.filter(row => row !== undefined);
  }

  links(target: string, prefix: boolean): MaybePromise<LinkRow[]> {
    return chain(this.#indexLinks(), index => {
      const rows: MaybePromise<LinkRow | undefined>[] = [];
      for (const each of index.candidates(target, prefix)) {
        for (const source of each.sources) {
          if (this.#journal.changed(source)) rows.push(this.#linkRow(source, each.target));
        }
      }
      return chain(gather(rows), all => all.filter(row => row !== undefined).sort(compareLinks));
    });
  }

  #linkRow(source: string, target: string): MaybePromise<LinkRow | undefined> {
    return chain(this.#linksOf(source), links =>
      links.has(target) ? { target, source, present: true } : undefined,
    );
  }

  /** What this layer tells of a changed file's links is all that there is of them. */
  hidesLinksOf(source: string): boolean {
    return this.#journal.changed(source);
  }

  /** Every target that a changed file has (present) or no longer has (absent), by target and source. */
  async allLinks(): Promise<LinkRow[]> {
    const rows = await Promise.all(this.#journal.changedFiles().map(source => this.#changedLinks(source)));
    return rows.flat().sort(compareLinks);
  }

  async #changedLinks(source: string): Promise<LinkRow[]> {
    const [links, below] = await Promise.all([this.#linksOf(source), this.#lower.description(source)]);
    const gone = targetsOf(below?.json).filter(target => !links.has(target));
    return [
      ...[...links].map(target => ({ target, source, present: true })),
      ...gone.map(target => ({ target, source, present: false })),
    ];
  }

  /** The index, once it knows the links of every file that the journal has changed. */
  #indexLinks(): MaybePromise<LinkIndex> {
    const head = this.#journal.last()?.entry.oid;
    if (head === undefined || this.#links.isComplete(head)) return this.#links;
    const paths = this.#changedSinceIndexed();
    return chain(gather(paths.map(path => attempt(() => this.#linksOf(path)))), () => {
      this.#links.completed(head);
      return this.#links;
    });
  }

  /** Files changed after the newest commit as of which the index is complete. */
  #changedSinceIndexed(): string[] {
    const paths = new Set<string>();
    for (let at = this.#journal.commitCount - 1; at >= 0; at -= 1) {
      const entry = this.#journal.commitAt(at)?.entry;
      if (!entry || this.#links.isComplete(entry.oid)) break;
      for (const { path } of entry.files) paths.add(path);
    }
    return [...paths];
  }

  /** Kept from view to view for as long as the file does not change. */
  #linksOf(source: string): MaybePromise<FileLinks> {
    const oid = this.#journal.touches(source).at(-1)?.oid ?? null;
    return this.#links.linksOf(source, oid) ?? this.#findLinks(source, oid);
  }

  async #findLinks(source: string, oid: Oid | null): Promise<FileLinks> {
    const links = new Set(targetsOf((await this.description(source))?.json));
    this.#links.keep(source, oid, links);
    return links;
  }
}

/** The targets of a stored description. */
export function targetsOf(json: string | null | undefined): readonly string[] {
  return json ? (JSON.parse(json) as StoredDescription).targets : [];
}
