import { objectMissing } from '../errors.ts';
import type { Oid } from '../object/objects.ts';
import type { LedgerView } from '../view/view.ts';

/** A commit with what leads on from it. */
export interface GraphCommit {
  oid: Oid;
  /** Each is higher than those of all its parents. */
  position: number;
  tree: Oid;
  parents: readonly Oid[];
  /** When it was committed, since the epoch. */
  seconds: number;
}

const PAGE = 256;
const MAX_PAGES = 64;

/** The commits that the main line of one version reaches, and beside it those of other refs. In memory are at most 16,384 of the former. */
export class CommitGraph {
  readonly #view: LedgerView;
  readonly #mainLength: number;
  readonly #pages = new Map<number, Promise<GraphCommit[]>>();
  readonly #side: GraphCommit[] = [];
  readonly #sidePositions = new Map<Oid, number>();

  constructor(view: LedgerView) {
    this.#view = view;
    this.#mainLength = view.layers.logLength;
  }

  get length(): number {
    return this.#mainLength + this.#side.length;
  }

  /** Takes in commits that the main line does not reach, each behind its parents. */
  addSide(commits: readonly Omit<GraphCommit, 'position'>[]): void {
    for (const commit of commits) {
      const position = this.length;
      this.#side.push({ ...commit, position });
      this.#sidePositions.set(commit.oid, position);
    }
  }

  /** Undefined: it is not reached. */
  async position(oid: Oid): Promise<number | undefined> {
    return this.#sidePositions.get(oid) ?? (await this.#view.layers.findCommit(oid));
  }

  isMain(position: number): boolean {
    return position < this.#mainLength;
  }

  /** The commit of that id. @throws KittiwakeError `object_missing` */
  async commit(oid: Oid): Promise<GraphCommit> {
    const position = await this.position(oid);
    if (position === undefined) throw objectMissing(oid);
    return await this.at(position);
  }

  async at(position: number): Promise<GraphCommit> {
    const side = this.#side[position - this.#mainLength];
    if (side) return side;
    const number = Math.floor(position / PAGE);
    const known = this.#pages.get(number);
    const page = await (known ?? this.#read(number));
    const commit = page[position - number * PAGE];
    if (!commit) throw objectMissing(`commit ${position}`);
    return commit;
  }

  #read(number: number): Promise<GraphCommit[]> {
    const [oldest] = this.#pages.keys();
    if (this.#pages.size >= MAX_PAGES && oldest !== undefined) this.#pages.delete(oldest);
    const from = number * PAGE;
    const page = Promise.resolve(
      this.#view.layers.logPage(from, Math.min(from + PAGE, this.#mainLength)),
    ).then(rows => rows.map(({ oid, bytes }, at) => ({ oid, position: from + at, ...linksOf(oid, bytes) })));
    this.#pages.set(number, page);
    page.catch(() => this.#pages.delete(number));
    return page;
  }

  /** Positions of the parents; what is in `cut` counts as having none. */
  async parents({ oid, parents, position }: GraphCommit, cut: ReadonlySet<Oid>): Promise<number[]> {
    if (cut.has(oid)) return [];
    const found: number[] = [];
    for (const parent of parents) {
      const isBefore = position > 0 && (await this.at(position - 1)).oid === parent;
      const at = isBefore ? position - 1 : await this.position(parent);
      if (at === undefined) throw objectMissing(parent);
      found.push(at);
    }
    return found;
  }
}

/** Tree, parents and time, of the bytes of a commit. */
function linksOf(oid: Oid, bytes: Buffer): Pick<GraphCommit, 'tree' | 'parents' | 'seconds'> {
  const end = bytes.indexOf('\n\n');
  const head = bytes.toString('latin1', 0, end < 0 ? bytes.length : end);
  const tree = /^tree ([0-9a-f]{40})$/m.exec(head)?.[1];
  if (tree === undefined) throw objectMissing(oid, 'it names no tree');
  const parents: Oid[] = [];
  for (let at = 46; head.startsWith('parent ', at); at += 48) parents.push(head.slice(at + 7, at + 47));
  const seconds = Number(/^committer .* (\d+) [+-]\d{4}$/m.exec(head)?.[1] ?? 0);
  return { tree, parents, seconds };
}
