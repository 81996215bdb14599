import { Lru } from '../core/lru.ts';
import { headOf, MAIN_REF } from '../git/ledger/ledger.ts';
import { decodeTag } from '../git/object/object-codec.ts';
import type { ObjectType, Oid } from '../git/object/objects.ts';
import type { LedgerRepository } from '../git/open.ts';
import type { LedgerView } from '../git/view/view.ts';
import type { GitServices } from '../http/git-services.ts';

/** A ref as clients see it. */
export interface ShownRef {
  name: string;
  oid: Oid;
  /** What an annotated tag leads to at last. */
  peeled?: Oid;
}

export interface ShownRefs {
  /** By name. */
  refs: readonly ShownRef[];
  /** Undefined: the wiki has no commit yet. */
  head: Oid | undefined;
  /** Refs that are not shown. */
  hidden: readonly Oid[];
}

const MAX_TAG_CHAIN = 10;
const peeled = new Lru<string, { oid: Oid; type: ObjectType }>(20_000);

/** The main line with the tags of its commits; with the setting `all` every ref. */
export async function shownRefs(
  { repository, settings }: Pick<GitServices, 'repository' | 'settings'>,
  view: LedgerView,
): Promise<ShownRefs> {
  const { oid: head } = headOf(view.ledger);
  const refs: ShownRef[] = [];
  const hidden: Oid[] = [];
  for (const [name, oid] of Object.entries(view.ledger.refs).sort(([a], [b]) => (a < b ? -1 : 1))) {
    const target = await targetOf(repository, view, oid, name);
    const isOnMain = name === MAIN_REF || (await isReached(view, target));
    const isShown =
      settings.gitRefs === 'all' || name === MAIN_REF || (name.startsWith('refs/tags/') && isOnMain);
    if (!isShown && !isOnMain) hidden.push(oid);
    if (isShown) refs.push({ name, oid, ...(target.oid === oid ? {} : { peeled: target.oid }) });
  }
  return { refs, head, hidden };
}

async function isReached(view: LedgerView, { oid, type }: { oid: Oid; type: ObjectType }): Promise<boolean> {
  return type === 'commit' && (await view.layers.findCommit(oid)) !== undefined;
}

/** What a ref leads to: of an annotated tag the commit. Tags never change. */
async function targetOf(
  repository: LedgerRepository,
  view: LedgerView,
  oid: Oid,
  name: string,
): Promise<{ oid: Oid; type: ObjectType }> {
  if (name.startsWith('refs/heads/')) return { oid, type: 'commit' };
  const known = peeled.get(oid);
  if (known) return known;
  let [at, type]: [Oid, ObjectType] = [oid, 'commit'];
  for (let links = 0; links < MAX_TAG_CHAIN; links += 1) {
    if ((await view.layers.findCommit(at)) !== undefined) break;
    const object = await repository.packs.object(at, view.ledger.packs);
    type = object.type;
    if (object.type !== 'tag') break;
    const tag = decodeTag(object.bytes);
    [at, type] = [tag.target, tag.targetType];
  }
  const target = { oid: at, type };
  peeled.set(oid, target, 1);
  return target;
}
