import { decodeTag } from '../git/object/object-codec.ts';
import type { ObjectType, Oid } from '../git/object/objects.ts';
import { gitNotOurRef } from './errors.ts';
import type { FetchArgs } from './fetch-args.ts';
import type { ServedVersion } from './served-version.ts';

/** What is wanted, as far as it is there. */
export interface Wanted {
  /** Positions of commits. */
  commits: number[];
  others: { oid: Oid; type: ObjectType }[];
}

/**
 * Finds what a client wants. What no shown ref reaches is refused like what there is not, whether or not it is stored.
 * @throws KittiwakeError `git_not_our_ref`
 */
export async function findWanted(version: ServedVersion, args: FetchArgs): Promise<Wanted> {
  const wanted: Wanted = { commits: [], others: [] };
  for (const oid of args.wants) await addWanted(version, oid, wanted);
  return wanted;
}

async function addWanted(version: ServedVersion, oid: Oid, wanted: Wanted): Promise<void> {
  const { objects, graph } = version;
  const entry = objects.find(oid);
  const type = entry && (await objects.describe(entry)).type;
  const position = type === 'commit' ? await graph.position(oid) : undefined;
  if (position !== undefined) {
    wanted.commits.push(position);
    return;
  }
  if (type === undefined || type === 'commit' || !(await isReached(version, oid))) throw gitNotOurRef(oid);
  wanted.others.push({ oid, type });
  if (type === 'tag')
    await addWanted(version, decodeTag((await objects.object(oid, 'tag')).bytes).target, wanted);
}

async function isReached({ isWhole, reached }: ServedVersion, oid: Oid): Promise<boolean> {
  return isWhole || (await reached()).has(oid);
}
