import { pathClash, pathUnsafe } from '../errors.ts';
import type { StreamedBlob } from '../large/large.ts';
import type { Place } from '../layer/layer.ts';
import type {
  Anchor,
  FileChange,
  IdempotencyRecord,
  JournalBlob,
  JournalCommit,
} from '../ledger/journal-entry.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { MAIN_REF } from '../ledger/ledger.ts';
import { deflateFast } from '../object/deflate.ts';
import { encodeCommit, hashObject } from '../object/object-codec.ts';
import type { Commit, Oid } from '../object/objects.ts';
import { MODE_FILE, MODE_FOLDER } from '../object/objects.ts';
import { comparePaths, isSafePath, joinPath } from '../object/paths.ts';
import type { Change, Draft } from '../repository.ts';
import { Tree } from '../tree/tree.ts';

/** What deflating gains on less is not worth its time. */
const RAW_BYTES = 256;

export interface FormatContext {
  ledger: Ledger;
  requestId: string;
  /** Milliseconds since the epoch. */
  nowMs: number;
  committer: { name: string; email: string };
  /** The tree of the head; empty without one. */
  root: Tree;
  /** Loads the tree of a folder. */
  load(oid: Oid, folder: string): Promise<Tree>;
  /** Where a blob too large for the journal has been put. */
  large(oid: Oid): { place: Place; packBytes: number } | undefined;
  /** True when the blob is stored already. */
  known(oid: Oid): boolean;
  /** Blobs below this are not deflated for the journal. Default {@link RAW_BYTES}. */
  rawBytes?: number;
  /** Which files count as pages. Default: nobody counts. */
  isPage?: ((path: string) => boolean) | undefined;
  /** Trees up to this size are kept in the journal when their folder is changed for the first time. Default 0: none. */
  anchorBytes?: number;
}

/** A commit as a value: the entry for the journal and the new trees. Nothing is written. */
export interface FormattedCommit {
  entry: JournalCommit;
  commit: Commit;
  trees: readonly Tree[];
  /** The new blobs that the journal holds. */
  contents: readonly { oid: Oid; bytes: Buffer }[];
  /** Pages that came, less those that went; undefined when nobody counts. */
  addedPages: number | undefined;
}

/**
 * Formats `draft` onto the head.
 * @throws KittiwakeError `path_clash` when a file stands where a folder is needed or the reverse, `path_unsafe`
 */
export async function formatCommit(draft: Draft, context: FormatContext): Promise<FormattedCommit> {
  const files: FileChange[] = [];
  const blobs: NewBlobs = new Map();
  const root: Branch = { edits: new Map(), folders: new Map() };
  for (const change of sorted(draft.changes)) {
    const file = toFileChange(change, blobs, context);
    files.push(file);
    graft(root, file);
  }
  const grown = await grow(root, '', context.root, context);
  const commit = sign(draft, grown.tree.oid, context);
  const bytes = encodeCommit(commit);
  const unchanged = new Set(grown.unchanged);
  const changed = files.filter(file => !unchanged.has(file.path));
  const entry = {
    oid: hashObject('commit', bytes),
    bytes,
    files: changed,
    folders: grown.folders,
    blobs: [...blobs.values()].map(each => each.blob),
    ...(grown.anchors.length > 0 ? { anchors: grown.anchors } : {}),
  };
  const contents = [...blobs].flatMap(([oid, { blob, bytes: content }]) =>
    blob.encoding === 'pack' ? [] : [{ oid, bytes: content }],
  );
  const addedPages = context.isPage && countAdded(grown, context.isPage);
  return { entry, commit, trees: grown.trees, contents, addedPages };
}

/** The ledger with one more commit. `pages`: those of the ledger, when it does not say how many they are. */
export function appendCommit(
  ledger: Ledger,
  made: FormattedCommit,
  {
    record,
    pages = ledger.pages,
  }: { record?: IdempotencyRecord | undefined; pages?: number | undefined } = {},
): Ledger {
  const { addedPages } = made;
  return {
    ...ledger,
    pages: pages === undefined || addedPages === undefined ? undefined : pages + addedPages,
    refs: { ...ledger.refs, [MAIN_REF]: made.entry.oid },
    headSeconds: made.commit.committer.seconds,
    journal: ledger.journal.append({ commit: made.entry, ...(record ? { record } : {}) }, made.commit.author),
  };
}

type NewBlobs = Map<Oid, { blob: JournalBlob; bytes: Buffer }>;

function sorted(changes: readonly Change[]): Change[] {
  const byPath = [...changes].sort((a, b) => comparePaths(a.path, b.path));
  byPath.forEach((change, index) => {
    if (!isSafePath(change.path)) throw pathUnsafe(change.path);
    if (byPath[index + 1]?.path === change.path)
      throw pathClash(change.path, 'it is changed twice in one commit');
  });
  return byPath;
}

function toFileChange({ path, to }: Change, blobs: NewBlobs, context: FormatContext): FileChange {
  if (to === null) return { path, oid: null, mode: 0, size: 0 };
  if ('streamed' in to) return toStreamed(path, to.streamed, blobs, context);
  if (!('bytes' in to)) return { path, oid: to.oid, mode: to.mode ?? MODE_FILE, size: to.size };
  const oid = to.oid ?? hashObject('blob', to.bytes);
  const size = to.bytes.length;
  if (!context.known(oid) && !blobs.has(oid)) {
    blobs.set(oid, { blob: toBlob(oid, to.bytes, context), bytes: to.bytes });
  }
  return { path, oid, mode: MODE_FILE, size };
}

function toStreamed(
  path: string,
  { oid, size, stored }: StreamedBlob,
  blobs: NewBlobs,
  context: FormatContext,
): FileChange {
  if (!context.known(oid) && !blobs.has(oid)) {
    const { place, packBytes } = context.large(oid) ?? stored;
    blobs.set(oid, { blob: { oid, size, encoding: 'pack', place, packBytes }, bytes: Buffer.alloc(0) });
  }
  return { path, oid, mode: MODE_FILE, size };
}

function toBlob(oid: Oid, bytes: Buffer, context: FormatContext): JournalBlob {
  const size = bytes.length;
  const large = context.large(oid);
  if (large) return { oid, size, encoding: 'pack', ...large };
  if (size < (context.rawBytes ?? RAW_BYTES)) return { oid, size, encoding: 'raw', bytes };
  const deflated = deflateFast(bytes);
  return deflated.length < size
    ? { oid, size, encoding: 'zlib', bytes: deflated }
    : { oid, size, encoding: 'raw', bytes };
}

/** The changes as a tree of folders. */
interface Branch {
  edits: Map<string, FileChange>;
  folders: Map<string, Branch>;
}

function graft(root: Branch, file: FileChange): void {
  const names = file.path.split('/');
  const name = names.pop() ?? '';
  let branch = root;
  for (const folder of names) {
    let next = branch.folders.get(folder);
    if (!next) {
      next = { edits: new Map(), folders: new Map() };
      branch.folders.set(folder, next);
    }
    branch = next;
  }
  branch.edits.set(name, file);
}

interface Grown {
  tree: Tree;
  /** Paths where no file stood before, and those where none stands any more. */
  came: string[];
  went: string[];
  /** Files that were to be written as they are. */
  unchanged: string[];
  folders: { path: string; oid: Oid | null }[];
  trees: Tree[];
  anchors: Anchor[];
}

/** Applies a branch to the tree of its folder, deepest folders first. */
async function grow(branch: Branch, folder: string, tree: Tree, context: FormatContext): Promise<Grown> {
  const folders: Grown['folders'] = [];
  const trees: Tree[] = [];
  const anchors: Anchor[] = [];
  const unchanged: string[] = [];
  const [came, went]: [string[], string[]] = [[], []];
  const edits = new Map<string, { name: string; mode: number; oid: Oid | null }>();
  for (const [name, below] of branch.folders) {
    const path = joinPath(folder, name);
    const old = tree.get(name);
    const replaced = branch.edits.get(name);
    if (old && old.mode !== MODE_FOLDER && replaced?.oid !== null)
      throw pathClash(path, 'a file stands where a folder is needed');
    const oldTree = old?.mode === MODE_FOLDER ? await context.load(old.oid, path) : Tree.empty;
    const grown = await grow(below, path, oldTree, context);
    folders.push(...grown.folders);
    trees.push(...grown.trees);
    anchors.push(...grown.anchors);
    unchanged.push(...grown.unchanged);
    came.push(...grown.came);
    went.push(...grown.went);
    if ((grown.tree.size === 0 && !old) || grown.tree === oldTree) continue;
    edits.set(name, { name, mode: MODE_FOLDER, oid: grown.tree.size === 0 ? null : grown.tree.oid });
  }
  const below = [...edits.values()];
  const emptied = new Set(below.filter(edit => edit.oid === null).map(edit => edit.name));
  const filled = new Set(below.filter(edit => edit.oid !== null).map(edit => edit.name));
  for (const [name, { path, mode, oid }] of branch.edits) {
    const old = tree.get(name);
    if (oid === null) {
      if (!old || old.mode === MODE_FOLDER) throw pathClash(path, 'there is no file to remove');
      went.push(path);
      if (!filled.has(name)) edits.set(name, { name, mode: old.mode, oid: null });
      continue;
    }
    if (filled.has(name) || (old?.mode === MODE_FOLDER && !emptied.has(name)))
      throw pathClash(path, 'a folder of this name stands there');
    if (old?.oid === oid && old.mode === mode) {
      unchanged.push(path);
      continue;
    }
    if (!old || old.mode === MODE_FOLDER) came.push(path);
    edits.set(name, { name, mode, oid });
  }
  if (edits.size === 0) return { tree, came, went, unchanged, folders, trees, anchors };
  if (needsAnchor(folder, tree, context)) anchors.push({ path: folder, deflated: deflateFast(tree.bytes()) });
  const next = tree.with([...edits.values()]);
  folders.push({ path: folder, oid: next.size === 0 && folder !== '' ? null : next.oid });
  trees.push(next);
  return { tree: next, came, went, unchanged, folders, trees, anchors };
}

function countAdded({ came, went }: Grown, isPage: (path: string) => boolean): number {
  return came.filter(isPage).length - went.filter(isPage).length;
}

/** What the journal alone cannot tell: it is whole without maps, and one tree to begin with is enough. */
function needsAnchor(folder: string, tree: Tree, { ledger, anchorBytes = 0 }: FormatContext): boolean {
  if (tree.size === 0 || tree.byteLength > anchorBytes) return false;
  return ledger.packs.length > 0 && ledger.journal.anchor(folder) === undefined;
}

/** The commit of a tree on the head. */
export function sign(
  draft: Pick<Draft, 'message' | 'author'>,
  tree: Oid,
  {
    ledger,
    nowMs,
    committer,
    requestId,
  }: Pick<FormatContext, 'ledger' | 'nowMs' | 'committer' | 'requestId'>,
): Commit {
  const seconds = Math.max(Math.floor(nowMs / 1000), ledger.headSeconds);
  const parent = ledger.refs[MAIN_REF];
  const message = draft.message.endsWith('\n') ? draft.message : `${draft.message}\n`;
  return {
    tree,
    parents: parent === undefined ? [] : [parent],
    author: { ...draft.author, seconds, offsetMinutes: 0 },
    committer: { ...committer, seconds, offsetMinutes: 0 },
    message,
    requestId,
  };
}
