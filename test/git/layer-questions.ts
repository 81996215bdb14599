import type { Row } from '../../src/git/layer/layer.ts';
import type { Layers } from '../../src/git/layer/layers.ts';
import type { State } from './history-model.ts';
import { ancestors, byBytes, rowAt, treeKey } from './history-model.ts';

/** Every question about every path, folder, target and commit of a state; and others about what is not there. */
export type Answers = Record<string, unknown>;

function subjects(state: State) {
  const paths = [...state.touches.keys(), 'absent', 'a/absent', ''];
  const folders = [...new Set(['', ...paths.flatMap(ancestors), ...paths])];
  const targets = ['home', 'h', 'ho', '', 'nul', 'nul\0', 'nul\x01', '\u{1f600}', 'absent'];
  const oids = state.log.map(row => row.oid);
  const prefixes = oids.flatMap(oid => [oid.slice(0, 1), oid.slice(0, 4), oid.slice(0, 7), oid]);
  return { paths, folders, targets, oids, prefixes: [...new Set([...prefixes, 'f'.repeat(40)])] };
}

/** What the layers say. Places are hints, which a merge may drop: they are not compared. */
export async function ask(layers: Layers, state: State): Promise<Answers> {
  const { paths, folders, targets, oids, prefixes } = subjects(state);
  const answers: Answers = {};
  for (const path of paths) {
    answers[`file ${path}`] = await layers.file(path);
    answers[`entry ${path}`] = await layers.entry(path);
    answers[`description ${path}`] = (await layers.description(path))?.json ?? undefined;
    answers[`touches ${path}`] = await Array.fromAsync(layers.touches(path));
  }
  for (const folder of folders) {
    answers[`rows ${folder}`] = (await layers.rows(folder)).map(withoutPlaces);
    answers[`files ${folder}`] = await layers.files(folder);
  }
  for (const target of targets) {
    answers[`sources ${target}`] = await layers.sources(target, false);
    answers[`sources ${target}*`] = await layers.sources(target, true);
  }
  for (const oid of [...oids, '0'.repeat(40)]) {
    answers[`position ${oid}`] = await layers.findCommit(oid);
    answers[`commit ${oid}`] = await layers.commit(oid);
  }
  for (const prefix of prefixes) answers[`resolve ${prefix}`] = (await layers.resolve(prefix)).length;
  answers.descriptions = await layers.descriptions();
  answers.log = await Array.fromAsync(layers.log());
  answers.page = await layers.logPage(1, layers.logLength - 1);
  return answers;
}

function withoutPlaces(row: Row): Row {
  if (row.kind !== 'file') return row;
  const { place: _place, commitPlace: _commitPlace, ...rest } = row;
  return rest;
}

/** What they should say. */
export function expected(state: State): Answers {
  const { paths, folders, targets, oids, prefixes } = subjects(state);
  const { files, log, touches } = state;
  const all = [...files.keys()].sort(byBytes);
  const answers: Answers = {};
  for (const path of paths) {
    const row = rowAt(files, path);
    answers[`file ${path}`] = row.kind === 'file' ? fileInfo(path, row) : undefined;
    answers[`entry ${path}`] = path === '' ? undefined : entry(row);
    answers[`description ${path}`] = files.get(path)?.json ?? undefined;
    answers[`touches ${path}`] = touches.get(path) ?? [];
  }
  for (const folder of folders) {
    const below = all.filter(path => folder === '' || path.startsWith(`${folder}/`));
    const prefix = folder === '' ? 0 : folder.length + 1;
    const children = [...new Set(below.map(path => path.slice(prefix).split('/')[0] ?? ''))];
    const rows = children.map(name => rowAt(files, folder === '' ? name : `${folder}/${name}`));
    answers[`rows ${folder}`] = rows.sort((a, b) => byBytes(treeKey(a), treeKey(b))).map(withoutPlaces);
    answers[`files ${folder}`] = below.map(path => {
      const row = files.get(path)?.row;
      return { path, mode: row?.mode, oid: row?.oid };
    });
  }
  for (const target of targets) {
    const having = (test: (each: string) => boolean) =>
      all.filter(path => files.get(path)?.targets.some(test));
    answers[`sources ${target}`] = having(each => each === target);
    answers[`sources ${target}*`] = having(each => each.startsWith(target));
  }
  for (const oid of [...oids, '0'.repeat(40)]) {
    const at = log.findIndex(row => row.oid === oid);
    const row = log[at];
    answers[`position ${oid}`] = row && at;
    answers[`commit ${oid}`] = row && { oid, ordinal: row.ordinal, bytes: row.bytes };
  }
  for (const prefix of prefixes) {
    answers[`resolve ${prefix}`] = Math.min(2, oids.filter(oid => oid.startsWith(prefix)).length);
  }
  answers.descriptions = all.flatMap(path => {
    const json = files.get(path)?.json ?? null;
    return json === null ? [] : [{ path, json }];
  });
  answers.log = log.toReversed();
  answers.page = log.slice(1, -1);
  return answers;
}

function fileInfo(path: string, row: Row & { kind: 'file' }) {
  const { mode, oid, size, commit, ordinal, seconds, offsetMinutes } = row;
  return { path, mode, oid, size, commit, ordinal, seconds, offsetMinutes };
}

function entry(row: Row) {
  if (row.kind === 'gone') return undefined;
  return { name: row.name, mode: row.kind === 'file' ? row.mode : 0o40000, oid: row.oid };
}
