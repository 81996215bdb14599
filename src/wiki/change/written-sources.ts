import { createDescribe } from '../markup/describe.ts';
import type { WorkFile, Workspace } from './workspace.ts';

/** Sorted targets of the links of a written file. A workspace never changes a file, it puts another in its place. */
const targetsOf = new WeakMap<WorkFile, readonly string[]>();

/** Paths of the files written in a workspace that link to `target` or to anything below it. */
export async function writtenSources(workspace: Workspace, target: string): Promise<string[]> {
  const paths: string[] = [];
  for (const file of workspace.written()) {
    const targets = targetsOf.get(file) ?? (await findTargets(workspace, file));
    if (holds(targets, target)) paths.push(file.path);
  }
  return paths;
}

async function findTargets(workspace: Workspace, file: WorkFile): Promise<readonly string[]> {
  const describe = createDescribe(workspace.settings);
  const found = await describe(file.path, await workspace.read(file));
  const targets = [...(found?.targets ?? [])].sort();
  targetsOf.set(file, targets);
  return targets;
}

function holds(targets: readonly string[], target: string): boolean {
  const folder = `${target}/`;
  return first(targets, target) === target || first(targets, folder)?.startsWith(folder) === true;
}

/** The first of sorted texts that is not below `wanted`. */
function first(sorted: readonly string[], wanted: string): string | undefined {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle] ?? '') < wanted) low = middle + 1;
    else high = middle;
  }
  return sorted[low];
}
