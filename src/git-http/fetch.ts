import { isKittiwakeError } from '../core/errors.ts';
import type { Oid } from '../git/object/objects.ts';
import {
  everything,
  mayBeThin,
  type OutgoingPack,
  type SelectRequest,
  selected,
  selectObjects,
} from '../git/outgoing/outgoing.ts';
import { selectKinds } from '../git/outgoing/select-kinds.ts';
import { planShallow, type ShallowPlan } from '../git/outgoing/shallow.ts';
import { isFiltered } from '../git/outgoing/tree-selection.ts';
import type { GitServices } from '../http/git-services.ts';
import { publicText, statusOf } from '../http/status.ts';
import { DELIMITER, FLUSH, packet } from '../net/git/pkt-line.ts';
import { gitNotOurRef, gitRequestInvalid, gitUnsupported } from './errors.ts';
import type { FetchArgs } from './fetch-args.ts';
import type { ServedVersion } from './served-version.ts';
import { banded } from './side-band.ts';
import { findWanted, type Wanted } from './wanted.ts';

/** A fetch of which everything is known but its objects. */
interface Fetch {
  version: ServedVersion;
  args: FetchArgs;
  wanted: Wanted;
  /** Positions of the commits that the client has, too. */
  common: readonly number[];
  commonOids: readonly Oid[];
  shallow: ShallowPlan | undefined;
}

/**
 * The answer to `fetch` (gitprotocol-v2(5)): which commits are in common, where the history ends, and the pack.
 * @throws KittiwakeError `git_not_our_ref`, `git_request_invalid`
 */
export async function answerFetch(
  git: Pick<GitServices, 'refused'>,
  version: ServedVersion,
  args: FetchArgs,
): Promise<AsyncIterable<Uint8Array>> {
  if (args.wants.size === 0) throw gitRequestInvalid('it wants nothing');
  const { graph } = version;
  const wanted = await findWanted(version, args);
  const [common, commonOids]: [number[], Oid[]] = [[], []];
  for (const oid of args.haves) {
    const position = await graph.position(oid);
    if (position === undefined) continue;
    common.push(position);
    commonOids.push(oid);
  }
  const shallow = await shallowOf(version, args, wanted);
  return answer(git, { version, args, wanted, common, commonOids, shallow });
}

async function* answer(git: Pick<GitServices, 'refused'>, fetch: Fetch): AsyncGenerator<Uint8Array> {
  const { args, shallow, commonOids } = fetch;
  const isReady = args.done || (commonOids.length > 0 && !args.waitForDone);
  const lines: string[] = [];
  if (!args.done) {
    lines.push(packet('acknowledgments\n'));
    if (commonOids.length === 0) lines.push(packet('NAK\n'));
    for (const oid of commonOids) lines.push(packet(`ACK ${oid}\n`));
    if (isReady) lines.push(packet('ready\n'));
    lines.push(isReady ? DELIMITER : FLUSH);
  }
  if (!isReady) {
    yield Buffer.from(lines.join(''));
    return;
  }
  if (shallow) {
    lines.push(packet('shallow-info\n'));
    for (const oid of shallow.shallow) lines.push(packet(`shallow ${oid}\n`));
    for (const oid of shallow.unshallow) lines.push(packet(`unshallow ${oid}\n`));
    lines.push(DELIMITER);
  }
  yield Buffer.from(lines.join('') + packet('packfile\n'));
  yield* packSection(git, fetch);
}

/** What goes wrong now is told within the pack: the answer has begun. */
async function* packSection(git: Pick<GitServices, 'refused'>, fetch: Fetch): AsyncGenerator<Uint8Array> {
  try {
    const pack = await packOf(fetch);
    if (fetch.args.progress) yield banded(2, Buffer.from(`Sending ${pack.objects} objects\n`));
    for await (const chunk of pack.chunks) yield banded(1, chunk);
  } catch (error) {
    if (!isKittiwakeError(error)) throw error;
    git.refused('fetch', error);
    const text = statusOf(error) === 500 ? 'the wiki cannot be read, try again' : publicText(error);
    yield banded(3, Buffer.from(`${text} (${error.code})\n`));
  }
  yield Buffer.from(FLUSH);
}

async function packOf(fetch: Fetch): Promise<OutgoingPack> {
  const { version, args, wanted, common, shallow } = fetch;
  const { objects, graph } = version;
  const whole = (await isClone(fetch)) ? await clonePack(version, args) : undefined;
  if (whole) return whole;
  const request: SelectRequest = {
    wants: wanted.commits,
    haves: common,
    others: wanted.others,
    filter: args.filter,
    known: args.shallow,
    ...(shallow ? { included: shallow.included } : {}),
  };
  const selection = await selectObjects(objects, graph, request);
  if (args.includeTag)
    for (const { oid, peeled } of version.shown.refs)
      if (peeled !== undefined && selection.oids.has(peeled)) selection.add(oid);
  const { ofsDelta } = args;
  return selected(objects, selection, { thin: args.thin && mayBeThin(request), ofsDelta });
}

/** All that is shown is wanted, and nothing of it is there. */
async function isClone({ version, args, wanted, common, shallow }: Fetch): Promise<boolean> {
  const { graph, tips, shown } = version;
  if (common.length > 0 || shallow || args.shallow.size > 0 || !args.ofsDelta) return false;
  const head = shown.head === undefined ? undefined : await graph.position(shown.head);
  const wants = new Set(wanted.commits);
  if (head === undefined || !wants.has(head)) return false;
  return tips.every(tip => wants.has(tip) || graph.isMain(tip));
}

async function clonePack(
  { packs, objects, isWhole, reached }: ServedVersion,
  { filter, ofsDelta }: FetchArgs,
): Promise<OutgoingPack> {
  const options = { thin: false, ofsDelta };
  if (isWhole && !isFiltered(filter)) return everything(packs);
  const among = isWhole ? undefined : await reached();
  return selected(objects, await selectKinds(objects.packs, filter, among), options);
}

async function shallowOf(
  { graph, shown }: ServedVersion,
  { depth, since, not: names, relative, shallow }: FetchArgs,
  { commits }: Wanted,
): Promise<ShallowPlan | undefined> {
  if (depth === undefined && since === undefined && names.length === 0) return undefined;
  const not: number[] = [];
  for (const name of names) {
    const ref = shown.refs.find(each => each.name === name || each.name.endsWith(`/${name}`));
    const position = ref && (await graph.position(ref.peeled ?? ref.oid));
    if (position === undefined) throw gitNotOurRef(name);
    not.push(position);
  }
  const wishes = {
    relative,
    not,
    ...(depth === undefined ? {} : { commits: depth }),
    ...(since === undefined ? {} : { since }),
  };
  const plan = await planShallow(graph, commits, wishes, shallow);
  if (plan.included.size === 0) throw gitUnsupported('no commits are selected for a shallow history');
  return plan;
}
