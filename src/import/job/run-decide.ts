import { isUtf8 } from 'node:buffer';
import type { Decision, Meeting, Refusal } from '../../git/bulk/bulk.ts';
import type { BulkRow } from '../../git/bulk/bulk-run.ts';
import { MODE_FILE } from '../../git/object/objects.ts';
import type { TreeReader, View } from '../../git/repository.ts';
import type { Access } from '../../wiki/access.ts';
import { mergeText } from '../../wiki/markup/merge-text.ts';
import { isPageFile } from '../../wiki/name/page-path.ts';
import { pagesExist } from '../errors.ts';
import type { JobOptions } from './job.ts';

/** A larger text is not merged. */
const MAX_MERGE_BYTES = 4 << 20;

/** Paths that a refusal names. */
const NAMED = 5;

/** What becomes of files that stand in the wiki with other content. */
export interface Decider {
  decide(meeting: Meeting, view: View): Promise<Decision>;
  /** Once all were asked for. @throws KittiwakeError `pages_exist` */
  check(): void;
  /** All are asked for anew, on a newer version. */
  restart(): void;
}

/** @param baseHead head of the wiki when the job was made: what was edited since is merged */
export function createDecider(existing: JobOptions['existing'], baseHead: string | undefined): Decider {
  const met = new Set<string>();
  let base: { of: View; tree: TreeReader | undefined } | undefined;
  async function baseOf(view: View): Promise<TreeReader | undefined> {
    if (base?.of !== view)
      base = { of: view, tree: baseHead === undefined ? undefined : await view.at(baseHead) };
    return base.tree;
  }
  return {
    async decide(meeting, view) {
      if (existing === 'overwrite') return { kind: 'write' };
      if (existing === 'merge') return await merged(meeting, view, await baseOf(view));
      if (existing === 'fail' && met.size <= NAMED) met.add(meeting.row.path);
      return { kind: 'keep' };
    },
    check() {
      if (met.size > 0) throw pagesExist([...met]);
    },
    restart: () => met.clear(),
  };
}

/**
 * What nobody has touched since the job was made is overwritten. What was edited is merged with what the import brings, both being
 * edits of what stood there.
 */
async function merged(
  { row, present, content }: Meeting,
  view: View,
  base: TreeReader | undefined,
): Promise<Decision> {
  const before = await base?.entry(row.path);
  if (before?.oid === present.oid) return { kind: 'write' };
  const isMergeable = before?.mode === MODE_FILE && present.mode === MODE_FILE && isSmallPage(row);
  if (!isMergeable) return conflict(row.path);
  const read = await Promise.all([view.blob(before.oid), view.blob(present.oid), content()]);
  if (read.some(bytes => bytes.length > MAX_MERGE_BYTES || !isUtf8(bytes))) return conflict(row.path);
  const [old = '', current = '', proposed = ''] = read.map(bytes => bytes.toString('utf8'));
  const merge = await mergeText(old, current, proposed);
  if (merge.kind === 'conflict') return conflict(row.path);
  return merge.text === current ? { kind: 'keep' } : { kind: 'replace', bytes: Buffer.from(merge.text) };
}

function isSmallPage({ path, size }: BulkRow): boolean {
  return isPageFile(path) && size <= MAX_MERGE_BYTES;
}

function conflict(path: string): Decision {
  const refusal = {
    code: 'merge_conflict',
    message: `Writing ${JSON.stringify(path)} fails: it was edited meanwhile, and both changed the same lines`,
  };
  return { kind: 'refuse', refusal };
}

/** Holds every path against what the caller may change by the policy of a version of the wiki. */
export function refuseBy(access: Access): (view: View) => (path: string) => Refusal | undefined {
  return view => {
    const permits = access(view.policy);
    if (permits.all) return () => undefined;
    return path => {
      const right = isPageFile(path) ? 'write' : 'upload';
      return permits.may(right, path) ? undefined : forbidden(right, path);
    };
  };
}

function forbidden(right: string, path: string): Refusal {
  return {
    code: 'forbidden',
    message: `Writing ${JSON.stringify(path)} fails: it needs the right "${right}" there`,
  };
}
