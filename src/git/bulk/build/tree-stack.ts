import { decodeName } from '../../object/entry-name.ts';
import { isSafeName, joinPath } from '../../object/paths.ts';
import type { LedgerRepository } from '../../open.ts';
import type { LedgerView } from '../../view/view.ts';
import type { Refusal } from '../bulk.ts';
import type { BulkMap } from './bulk-map.ts';
import type { BulkPacks } from './bulk-packs.ts';
import { FolderRows } from './folder-rows.ts';
import { isFolder, OpenFolder } from './open-folder.ts';
import { pathClashes, pathCollides, pathIsUnsafe } from './refusals.ts';

const SLASH = 0x2f;
const NONE = Buffer.alloc(0);

/** A folder with the rows of what changes in it. */
export interface Level {
  folder: OpenFolder;
  rows: FolderRows;
}

export interface TreeStackOptions {
  repository: LedgerRepository;
  view: LedgerView;
  map: BulkMap;
  packs: BulkPacks;
}

/** The folders from the root down to where the merge stands: all that is in memory of the trees. */
export class TreeStack {
  readonly #options: TreeStackOptions;
  readonly #levels: Level[] = [];
  #top: Level;

  private constructor(options: TreeStackOptions, root: Level) {
    this.#options = options;
    this.#levels.push(root);
    this.#top = root;
  }

  static async open(options: TreeStackOptions): Promise<TreeStack> {
    const { view } = options;
    const oid = view.head === undefined ? undefined : (await view.entry(''))?.oid;
    const old = oid === undefined ? undefined : await treeBytes(options, oid, '');
    const folder = new OpenFolder({ prefix: NONE, name: NONE, old, refusal: undefined });
    return new TreeStack(options, { folder, rows: new FolderRows(NONE) });
  }

  /** The folder of a path, which comes behind those before. */
  enter(bytes: Buffer, start: number, end: number): Level | Promise<Level> {
    return this.#holds(bytes, start, end) && !hasSlash(bytes, start + this.#top.folder.prefix.length, end)
      ? this.#top
      : this.#move(bytes, start, end);
  }

  #holds(bytes: Buffer, start: number, end: number): boolean {
    const { prefix } = this.#top.folder;
    return end - start > prefix.length && prefix.compare(bytes, start, start + prefix.length) === 0;
  }

  async #move(bytes: Buffer, start: number, end: number): Promise<Level> {
    while (!this.#holds(bytes, start, end)) await this.#leave();
    for (;;) {
      const from = start + this.#top.folder.prefix.length;
      const slash = bytes.subarray(from, end).indexOf(SLASH);
      if (slash < 0) return this.#top;
      await this.#push(Buffer.from(bytes.subarray(from, from + slash)));
    }
  }

  async #push(name: Buffer): Promise<void> {
    const parent = this.#top.folder;
    const prefix = Buffer.concat([parent.prefix, name, Buffer.from('/')]);
    const refusal = parent.refusal ?? refusalOf(parent, name);
    const before = refusal ? undefined : parent.before(name, true);
    const path = prefix.toString('utf8', 0, prefix.length - 1);
    const old = before && (await treeBytes(this.#options, before.oid, path));
    this.#top = { folder: new OpenFolder({ prefix, name, old, refusal }), rows: new FolderRows(prefix) };
    this.#levels.push(this.#top);
  }

  async #leave(): Promise<void> {
    const left = this.#levels.pop() as Level;
    this.#top = this.#levels.at(-1) as Level;
    if (left.folder.edits === 0) return;
    const { name } = left.folder;
    const oid = await this.#store(left);
    this.#top.folder.addFolder(name, oid);
    this.#top.rows.folder(name, oid);
    await this.flushRows(this.#top);
  }

  async #store(level: Level): Promise<Buffer> {
    await this.flushRows(level, true);
    const { oid, bytes } = level.folder.finish();
    await this.#options.packs.add('tree', oid.toString('hex'), bytes);
    return oid;
  }

  /** Gives the rows of a folder to the map, when they are many or `all` of them are there. */
  async flushRows({ rows }: Level, all = false): Promise<void> {
    if (!all && !rows.isFull) return;
    const taken = rows.take();
    if (taken) await this.#options.map.rows.add(taken.key, taken.rows);
  }

  /** The root's id, when nothing follows; undefined when nothing changed. */
  async finish(): Promise<string | undefined> {
    while (this.#levels.length > 1) await this.#leave();
    return this.#top.folder.edits === 0 ? undefined : (await this.#store(this.#top)).toString('hex');
  }
}

async function treeBytes({ repository, view }: TreeStackOptions, oid: string, path: string): Promise<Buffer> {
  return (await repository.trees.load(oid, path, view.treeSource)).bytes();
}

/** Why no folder of that name may be in `parent`. */
function refusalOf(parent: OpenFolder, name: Buffer): Refusal | undefined {
  const text = decodeName(name);
  const path = joinPath(parent.path, text);
  if (!isSafeName(text)) return pathIsUnsafe(path);
  const file = parent.before(name, false);
  if ((file && !isFolder(file)) || parent.hasAdded(name)) return pathClashes(path);
  const other = parent.collision(name);
  return other === undefined ? undefined : pathCollides(path, other);
}

function hasSlash(bytes: Buffer, start: number, end: number): boolean {
  for (let at = start; at < end; at += 1) if (bytes[at] === SLASH) return true;
  return false;
}
