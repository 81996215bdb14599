import type { Journal } from '../ledger/journal.ts';
import type { Oid } from '../object/objects.ts';
import { comparePaths, splitPath } from '../object/paths.ts';
import type { Touch } from '../repository.ts';
import type { CommitRow, DescriptionRow, Layer, LinkRow, LogRow, MaybePromise, Row } from './layer.ts';
import { compareLinks } from './layer-overlay.ts';
import type { Layers } from './layers.ts';
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

  constructor({ journal, lower, describe }: JournalLayerOptions) {
    this.#journal = journal;
    this.#lower = lower;
    this.#describe = describe;
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

  async links(target: string, prefix: boolean): Promise<LinkRow[]> {
    const found: LinkRow[] = [];
    for (const rows of await this.#allRows()) {
      for (const row of rows) {
        if (prefix ? row.target.startsWith(target) : row.target === target) found.push(row);
      }
    }
    return found.sort(compareLinks);
  }

  /** Every target that a changed file has (present) or no longer has (absent), by target and source. */
  async allLinks(): Promise<LinkRow[]> {
    return (await this.#allRows()).flat().sort(compareLinks);
  }

  #allRows(): Promise<(readonly LinkRow[])[]> {
    return Promise.all(this.#journal.changedFiles().map(path => this.#linksOf(path)));
  }

  /** Kept from view to view for as long as neither the file nor the layers below change. */
  #linksOf(source: string): MaybePromise<readonly LinkRow[]> {
    const kept = keptLinks(this.#lower);
    const oid = this.#journal.touches(source).at(-1)?.oid ?? null;
    const known = kept.get(source);
    if (known?.oid === oid) return known.rows;
    return this.#findLinks(source).then(rows => {
      kept.set(source, { oid, rows });
      return rows;
    });
  }

  async #findLinks(source: string): Promise<LinkRow[]> {
    const [above, below] = await Promise.all([this.description(source), this.#lower.description(source)]);
    const now = new Set(targetsOf(above?.json));
    const gone = targetsOf(below?.json).filter(target => !now.has(target));
    return [
      ...[...now].map(target => ({ target, source, present: true })),
      ...gone.map(target => ({ target, source, present: false })),
    ];
  }
}

interface KeptLinks {
  /** The blob whose links these are; null: the file is gone. */
  oid: Oid | null;
  rows: readonly LinkRow[];
}

const allKept = new WeakMap<Layers, Map<string, KeptLinks>>();

function keptLinks(lower: Layers): Map<string, KeptLinks> {
  let kept = allKept.get(lower);
  if (!kept) {
    kept = new Map();
    allKept.set(lower, kept);
  }
  return kept;
}

/** The targets of a stored description. */
export function targetsOf(json: string | null | undefined): readonly string[] {
  return json ? (JSON.parse(json) as StoredDescription).targets : [];
}
