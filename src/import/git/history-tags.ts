import { isKittiwakeError } from '../../core/errors.ts';
import { decodeTag } from '../../git/object/object-codec.ts';
import type { Oid } from '../../git/object/objects.ts';
import type { OidSet } from '../../git/object/oid-set.ts';
import type { ForeignObjects } from './foreign-objects.ts';

export interface HistoryTags {
  /** Full ref names to ids. */
  refs: Record<string, Oid>;
  /** Annotated tags. */
  objects: { oid: Oid; bytes: Buffer }[];
}

/** Names that every git takes (git-check-ref-format(1)), without those that need quoting in a shell. */
const TAG =
  /^refs\/tags\/(?!.*(?:\.\.|\/\/|@\{|\.lock$|\.lock\/|\/\.|\/-))[^\s~^:?*[\\\p{Cc}.-][^\s~^:?*[\\\p{Cc}]*(?<![./])$/u;
/** A tag may name a tag; no sane one goes further. */
const MAX_CHAIN = 10;

/** The tags of commits that come in. Others would bring a history of their own. */
export async function findTags(
  refs: ReadonlyMap<string, Oid>,
  objects: ForeignObjects,
  commits: OidSet,
): Promise<HistoryTags> {
  const found: HistoryTags = { refs: {}, objects: [] };
  for (const [name, oid] of refs) {
    if (!TAG.test(name)) continue;
    const chain = await peel(oid, objects, commits);
    if (chain === undefined) continue;
    found.refs[name] = oid;
    found.objects.push(...chain);
  }
  return found;
}

/** The tag objects on the way to a commit; undefined when it does not end at one of `commits`. */
async function peel(first: Oid, objects: ForeignObjects, commits: OidSet) {
  const chain: HistoryTags['objects'] = [];
  let at = first;
  while (!commits.has(at)) {
    if (chain.length === MAX_CHAIN || (await objects.typeOf(at)) !== 'tag') return undefined;
    const bytes = await objects.read(at, 'tag');
    chain.push({ oid: at, bytes });
    try {
      at = decodeTag(bytes).target;
    } catch (error) {
      if (isKittiwakeError(error)) return undefined;
      throw error;
    }
  }
  return chain;
}
