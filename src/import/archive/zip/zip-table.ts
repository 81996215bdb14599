import type { SourceFile } from '../../source.ts';
import { LeftOut } from '../file-list.ts';
import { PathTable } from '../path-table.ts';
import type { ByteWindow } from './byte-window.ts';

/** One ZIP file, or one inside of it. */
export interface Container {
  file: SourceFile;
  window: ByteWindow;
  /** Where entries begin, in order, those of folders and hidden ones too; at last where the directory begins. */
  starts: Float64Array;
}

export type Flaw = 'unsafe' | 'link' | 'encrypted' | 'method' | 'size' | 'duplicate';

export interface TableRow {
  path: string;
  container: number;
  /** Of the local header. */
  offset: number;
  stored: number;
  size: number;
  crc: number;
  isDeflated: boolean;
  flaw: Flaw | undefined;
}

const MOST_LEFT = 10_000;

const FLAWS: readonly (Flaw | undefined)[] = [
  undefined,
  'unsafe',
  'link',
  'encrypted',
  'method',
  'size',
  'duplicate',
];

/** What the directories of archives say, in columns: some 60 bytes an entry and its name. */
export class ZipTable {
  readonly containers: Container[] = [];
  readonly paths = new PathTable();
  readonly left = new LeftOut();
  /** Paths of hidden files that tell which program wrote the archive. */
  readonly aside = new Map<string, TableRow>();
  readonly #leftPaths = new Set<string>();
  #numbers = new Float64Array(0);
  #crcs = new Uint32Array(0);
  #kinds = new Uint16Array(0);

  /** Makes room for so many more entries. */
  reserve(count: number): void {
    const length = this.paths.count + count;
    const [numbers, crcs, kinds] = [this.#numbers, this.#crcs, this.#kinds];
    this.#numbers = new Float64Array(length * 3);
    this.#numbers.set(numbers);
    this.#crcs = new Uint32Array(length);
    this.#crcs.set(crcs);
    this.#kinds = new Uint16Array(length);
    this.#kinds.set(kinds);
  }

  add(row: TableRow): void {
    const index = this.paths.add(row.path);
    this.#numbers.set([row.offset, row.stored, row.size], index * 3);
    this.#crcs[index] = row.crc;
    this.#kinds[index] = row.container * 16 + FLAWS.indexOf(row.flaw) * 2 + (row.isDeflated ? 1 : 0);
  }

  row(index: number): TableRow {
    return {
      path: this.paths.at(index),
      container: this.#container(index),
      offset: this.#offset(index),
      stored: this.stored(index),
      size: this.size(index),
      crc: this.#crcs[index] ?? 0,
      isDeflated: ((this.#kinds[index] ?? 0) & 1) === 1,
      flaw: this.flaw(index),
    };
  }

  size(index: number): number {
    return this.#numbers[index * 3 + 2] ?? 0;
  }

  stored(index: number): number {
    return this.#numbers[index * 3 + 1] ?? 0;
  }

  flaw(index: number): Flaw | undefined {
    return FLAWS[((this.#kinds[index] ?? 0) >> 1) & 7];
  }

  /** Tells once of each hidden file or folder. */
  leave(path: string, reason: string): void {
    if (this.#leftPaths.has(path)) return;
    if (this.#leftPaths.size < MOST_LEFT) this.#leftPaths.add(path);
    this.left.add(path, reason);
  }

  /** Of entries of one name the first stays. */
  markDuplicates(): void {
    const sorted = this.paths.sorted();
    for (let at = 1; at < sorted.length; at += 1) {
      const [before = 0, index = 0] = [sorted[at - 1], sorted[at]];
      if (this.paths.compare(before, index) !== 0 || this.flaw(index) !== undefined) continue;
      this.#kinds[index] = (this.#kinds[index] ?? 0) + FLAWS.indexOf('duplicate') * 2;
    }
  }

  /** As they lie in the archives. */
  inPlace(): Uint32Array {
    const order = Uint32Array.from({ length: this.paths.count }, (_, index) => index);
    const byPlace = (a: number, b: number) =>
      this.#container(a) - this.#container(b) || this.#offset(a) - this.#offset(b);
    return order.every(index => index === 0 || byPlace(index - 1, index) <= 0) ? order : order.sort(byPlace);
  }

  #offset(index: number): number {
    return this.#numbers[index * 3] ?? 0;
  }

  #container(index: number): number {
    return (this.#kinds[index] ?? 0) >> 4;
  }
}
