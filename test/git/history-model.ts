import { createHash } from 'node:crypto';
import fc from 'fast-check';
import type { FileRow, LogRow, Row } from '../../src/git/layer/layer.ts';
import type { MapContents } from '../../src/git/map/map-writer.ts';
import { MODE_FILE } from '../../src/git/object/objects.ts';
import type { Touch } from '../../src/git/repository.ts';

/** A wiki's history in plain maps, cut into layers; orders are made with Buffer.compare, independently of the source. */

export interface Edit {
  kind: 'write' | 'remove';
  path: string;
  /** Decides content, description and links. */
  seed: number;
}

/** Layers, oldest first; each a list of commits; each a list of edits. */
export type History = Edit[][][];

const NAMES = [
  'a',
  'a-b',
  'a.b',
  'a b',
  'ab',
  'A',
  'b',
  'ä',
  '\ue000',
  '\u{10000}',
  '😀z',
  'z',
  'a\x01',
  '~',
];
const TARGETS = [
  'home',
  'home/x',
  'home ',
  'h',
  '\u{1f600}',
  '\uff5e',
  'nul\0',
  'nul\0\x01',
  'nul\x01',
  'nul',
  '',
];

const path = fc
  .array(fc.constantFrom(...NAMES), { minLength: 1, maxLength: 3 })
  .map(names => names.join('/'));
const edit = fc.record({
  kind: fc.constantFrom<('write' | 'remove')[]>('write', 'write', 'write', 'remove'),
  path,
  seed: fc.nat(1000),
});
const commit = fc.array(edit, { minLength: 1, maxLength: 5 });
export const anyHistory: fc.Arbitrary<History> = fc.array(fc.array(commit, { maxLength: 5 }), {
  minLength: 1,
  maxLength: 6,
});

export const sha1 = (text: string): string => createHash('sha1').update(text).digest('hex');
export const byBytes = (a: string, b: string): number => Buffer.compare(Buffer.from(a), Buffer.from(b));

interface File {
  row: FileRow;
  json: string | null;
  targets: string[];
}

export interface State {
  files: Map<string, File>;
  log: LogRow[];
  touches: Map<string, Touch[]>;
}

export interface ModelLayer {
  contents: MapContents;
}

/** Plays a history; the layers newest first, and the state at its end. */
export function play(history: History): { layers: ModelLayer[]; state: State } {
  const state: State = { files: new Map(), log: [], touches: new Map() };
  const layers = history.map((commits, number) => {
    const before = new Map(state.files);
    const firstCommit = state.log.length;
    for (const edits of commits) applyCommit(state, edits);
    return { contents: layerContents(before, state, firstCommit, number) };
  });
  return { layers: layers.reverse(), state };
}

function applyCommit(state: State, edits: readonly Edit[]): void {
  const position = state.log.length;
  const oid = sha1(`commit ${position}`);
  const before = new Map(state.files);
  for (const { kind, path: target, seed } of edits) {
    const inTheWay = [...state.files.keys()].filter(
      known => known.startsWith(`${target}/`) || (kind === 'write' && target.startsWith(`${known}/`)),
    );
    for (const known of inTheWay) state.files.delete(known);
    state.files.delete(target);
    if (kind === 'write') state.files.set(target, file(target, seed, oid, position));
  }
  const paths = [...new Set([...before.keys(), ...state.files.keys()])]
    .filter(known => before.get(known) !== state.files.get(known))
    .sort(byBytes);
  const changes = paths.map(known => ({
    path: known,
    oid: state.files.get(known)?.row.oid ?? null,
    before: before.get(known)?.row.oid ?? null,
  }));
  for (const { path: known, oid: blob } of changes) {
    const touches = state.touches.get(known) ?? [];
    state.touches.set(known, [{ commit: oid, ordinal: position - 1, oid: blob }, ...touches]);
  }
  state.log.push({ oid, ordinal: position - 1, bytes: Buffer.from(`commit ${position}`), changes });
}

function file(path: string, seed: number, commit: string, position: number): File {
  const row: FileRow = {
    kind: 'file',
    name: nameOf(path),
    mode: seed % 7 === 0 ? 0o120000 : MODE_FILE,
    oid: sha1(`${path} ${seed}`),
    size: seed * 1000,
    commit,
    ordinal: position - 1,
    seconds: seed % 5 === 0 ? 1 - seed : 2 ** 31 + seed,
    offsetMinutes: (seed % 3) * 90 - 90,
  };
  if (seed % 2) row.place = { pack: `pack-${seed % 3}`, offset: seed * 2 ** 30, length: seed };
  if (seed % 3) row.commitPlace = { pack: `pack-${seed % 3}`, offset: position, length: 1 };
  const targets = TARGETS.filter((_, at) => (seed >> (at % 10)) % 2 === 1);
  return { row, json: seed % 4 === 0 ? null : JSON.stringify({ seed, path }), targets };
}

const nameOf = (path: string): string => path.slice(path.lastIndexOf('/') + 1);
const folderOf = (path: string): string => path.slice(0, Math.max(0, path.lastIndexOf('/')));
export const ancestors = (path: string): string[] =>
  path
    .split('/')
    .slice(0, -1)
    .map((_, at, names) => names.slice(0, at + 1).join('/'));

/** What stands at a path: a file, a folder or nothing. Folder ids follow from what is below. */
export function rowAt(files: ReadonlyMap<string, File>, path: string): Row {
  const found = files.get(path);
  if (found) return found.row;
  const below = [...files].filter(([known]) => known.startsWith(`${path}/`));
  const name = nameOf(path);
  if (below.length === 0) return { kind: 'gone', name };
  return {
    kind: 'folder',
    name,
    oid: sha1(
      below
        .map(([known, each]) => `${known} ${each.row.oid}`)
        .sort()
        .join(),
    ),
  };
}

export const treeKey = (row: Row): string => (row.kind === 'folder' ? `${row.name}/` : row.name);

function layerContents(
  before: Map<string, File>,
  state: State,
  firstCommit: number,
  _number: number,
): MapContents {
  const log = state.log.slice(firstCommit);
  const oids = new Set(log.map(row => row.oid));
  const changed = [...new Set(log.flatMap(row => row.changes.map(change => change.path)))].sort(byBytes);
  const names = [...new Set(changed.flatMap(each => [...ancestors(each), each]))];
  const rows = names.map(each => ({ folder: folderOf(each), row: rowAt(state.files, each) }));
  rows.sort((a, b) => byBytes(a.folder, b.folder) || byBytes(treeKey(a.row), treeKey(b.row)));
  const links = changed.flatMap(source => {
    const now = state.files.get(source)?.targets ?? [];
    const gone = (before.get(source)?.targets ?? []).filter(target => !now.includes(target));
    return [
      ...now.map(target => ({ target, source, present: true })),
      ...gone.map(target => ({ target, source, present: false })),
    ];
  });
  links.sort((a, b) => byBytes(a.target, b.target) || byBytes(a.source, b.source));
  return {
    rows,
    descriptions: changed.map(each => ({ path: each, json: state.files.get(each)?.json ?? null })),
    links,
    log,
    touches: changed.map(each => ({
      path: each,
      touches: (state.touches.get(each) ?? []).filter(touch => oids.has(touch.commit)),
    })),
  };
}
