import { createDescribe, isPathTarget } from '../markup/describe.ts';
import { folderOf } from '../markup/link-target.ts';
import type { WorkFile, Workspace } from './workspace.ts';

interface WrittenLinks {
  /** How many of the workspace's writes are indexed. */
  seen: number;
  /** By target, and by each folder that one lies in: files that have, or had, such a link. */
  sources: Map<string, Set<string>>;
}

const indexes = new WeakMap<Workspace, WrittenLinks>();

/** Paths that a written file links to, as targets. A workspace never changes a file, it puts another in its place. */
const targetsOf = new WeakMap<WorkFile, readonly string[]>();

/** Paths of the files written in a workspace that link to `target`, a path's, or to anything below it. */
export async function writtenSources(workspace: Workspace, target: string): Promise<string[]> {
  const { sources } = await indexWrites(workspace);
  const paths: string[] = [];
  for (const path of sources.get(target) ?? []) {
    const file = await workspace.file(path);
    if (file !== undefined && (targetsOf.get(file) ?? []).some(each => isWithin(each, target)))
      paths.push(path);
  }
  return paths;
}

/** The index, with what was written since it was last asked. */
async function indexWrites(workspace: Workspace): Promise<WrittenLinks> {
  const index = indexes.get(workspace) ?? { seen: 0, sources: new Map() };
  indexes.set(workspace, index);
  for (const path of workspace.writtenSince(index.seen)) {
    const file = await workspace.file(path);
    if (file !== undefined && !targetsOf.has(file))
      addTargets(index, path, await findTargets(workspace, file));
    index.seen += 1;
  }
  return index;
}

function addTargets({ sources }: WrittenLinks, path: string, targets: readonly string[]): void {
  for (const target of targets) {
    for (let at = target; at !== ''; at = folderOf(at)) {
      const known = sources.get(at);
      if (known?.has(path)) break;
      if (known) known.add(path);
      else sources.set(at, new Set([path]));
    }
  }
}

async function findTargets(workspace: Workspace, file: WorkFile): Promise<readonly string[]> {
  const describe = createDescribe(workspace.settings);
  const found = await describe(file.path, await workspace.read(file));
  const targets = (found?.targets ?? []).filter(isPathTarget);
  targetsOf.set(file, targets);
  return targets;
}

function isWithin(path: string, folder: string): boolean {
  return path.startsWith(folder) && (path.length === folder.length || path[folder.length] === '/');
}
