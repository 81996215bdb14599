import { isKittiwakeError } from '../../core/errors.ts';
import { mapHistory } from '../history/history-map.ts';
import type { Row } from '../layer/layer.ts';
import type { MapContents } from '../map/map-writer.ts';
import { joinPath } from '../object/paths.ts';
import type { LedgerRepository } from '../open.ts';
import { Tree } from '../tree/tree.ts';
import type { LedgerView } from '../view/view.ts';
import type { Reachable } from './doctor-objects.ts';
import { codeOf, type Report } from './doctor-report.ts';

/** Compares what the maps and the journal answer with what the history itself tells. */
export async function checkMaps(
  repository: LedgerRepository,
  view: LedgerView,
  reachable: Reachable,
  report: Report,
): Promise<void> {
  if (reachable.commits.length === 0) return;
  try {
    const truth = await mapHistory({
      commits: reachable.commits,
      baseTree: null,
      tree: async oid => Tree.parse((await reachable.object(oid)).bytes),
      treeOf: async () => null,
      blob: async oid => (await reachable.object(oid)).bytes,
      blobSize: oid => reachable.size(oid),
      place: () => undefined,
      describe: repository.describe,
      targetsBefore: async () => [],
    });
    await checkRows(view, truth, report);
    await checkDescriptions(view, truth, report);
    await checkLinks(view, truth, report);
    await checkTouches(view, truth, report);
    await checkLog(view, truth, report);
    await checkCommits(view, truth, report);
  } catch (error) {
    if (!isKittiwakeError(error)) throw error;
    report('error', codeOf(error), error.message);
  }
}

/** A row as text, without the hints where its objects lie. */
function show(row: Row): string {
  if (row.kind !== 'file') return JSON.stringify(row);
  const { place, commitPlace, ...rest } = row;
  return JSON.stringify(Object.entries(rest).sort());
}

async function checkRows(view: LedgerView, truth: MapContents, report: Report): Promise<void> {
  const folders = new Map<string, Map<string, string>>([['', new Map()]]);
  for (const { folder, row } of truth.rows) {
    const names = folders.get(folder) ?? new Map<string, string>();
    folders.set(folder, names.set(row.name, show(row)));
  }
  for (const [folder, wanted] of folders) {
    for (const row of await view.layers.rows(folder)) {
      const [path, found] = [joinPath(folder, row.name), show(row)];
      const right = wanted.get(row.name);
      if (right !== found)
        report(
          'error',
          'map_row_wrong',
          `The row of "${path}" is ${found}, the history says ${right ?? 'there is none'}`,
        );
      wanted.delete(row.name);
    }
    for (const [name, right] of wanted)
      report('error', 'map_row_missing', `"${joinPath(folder, name)}" has no row, the history says ${right}`);
  }
}

async function checkDescriptions(view: LedgerView, truth: MapContents, report: Report): Promise<void> {
  const wanted = new Map<string, string | null>();
  for (const { path, json } of truth.descriptions) wanted.set(path, json);
  for (const { path, json } of await view.layers.descriptions()) {
    if (wanted.get(path) !== json)
      report('error', 'map_description_wrong', `The description of "${path}" is not that of its content`);
    wanted.delete(path);
  }
  for (const path of wanted.keys())
    report('error', 'map_description_missing', `"${path}" has no description`);
}

async function checkLinks(view: LedgerView, truth: MapContents, report: Report): Promise<void> {
  const sources = new Map<string, string[]>();
  for (const { target, source } of truth.links) sources.set(target, [...(sources.get(target) ?? []), source]);
  for (const [target, wanted] of sources) {
    const found = await view.sources(target);
    if (found.join('\n') !== wanted.join('\n')) {
      report(
        'error',
        'map_links_wrong',
        `The sources of "${target}" are ${JSON.stringify(found)}, the pages say ${JSON.stringify(wanted)}`,
      );
    }
  }
}

async function checkTouches(view: LedgerView, truth: MapContents, report: Report): Promise<void> {
  for (const { path, touches } of truth.touches) {
    const found: string[] = [];
    for await (const touch of view.touches(path)) found.push(`${touch.commit} ${touch.ordinal} ${touch.oid}`);
    const wanted = touches.map(touch => `${touch.commit} ${touch.ordinal} ${touch.oid}`);
    if (found.join() !== wanted.join()) {
      report(
        'error',
        'map_touches_wrong',
        `The commits of "${path}" are ${found.length}, the history says ${wanted.length}; first difference at ${wanted.findIndex((each, index) => each !== found[index])}`,
      );
    }
  }
}

async function checkLog(view: LedgerView, truth: MapContents, report: Report): Promise<void> {
  const wanted = new Set([...truth.log].map(row => row.oid));
  for await (const { commit } of view.log()) {
    if (!wanted.delete(commit.oid))
      report('error', 'map_log_wrong', `The log lists ${commit.oid}, which the head does not reach`);
  }
  for (const oid of wanted) report('error', 'map_log_missing', `The log lacks ${oid}`);
}

/** Each commit by its id. */
async function checkCommits(view: LedgerView, truth: MapContents, report: Report): Promise<void> {
  for (const { oid, ordinal } of truth.log) {
    const found = await view.layers.commit(oid);
    if (found?.ordinal !== ordinal)
      report(
        'error',
        'map_commit_wrong',
        `The commit ${oid} is found at ${found?.ordinal ?? 'no place'}, the history says ${ordinal}`,
      );
  }
}
