import { indexed, tokenFormat, tokenKey, wikiPrefix } from '../auth/token/token.ts';
import { userIdOf } from '../auth/user/user.ts';
import type { Runtime } from '../core/runtime.ts';
import type { StateDatabase } from '../db/state/state-database.ts';
import type { StateTables } from '../db/state/state-schema.ts';
import { headOf, ledgerKey } from '../git/ledger/ledger.ts';
import type { ByteStore } from '../storage/byte-store.ts';
import { putMutable } from './copy-object.ts';
import { copyState, isReplaceable } from './copy-state.ts';
import { type Copying, copyDocuments, copyListed, copyPacks, listAll, removeOthers } from './copy-wiki.ts';
import { backupOfOther, restoreExists, sourceGone } from './errors.ts';
import { findManifest, type Manifest, writeManifest } from './manifest.ts';

/** One side of a copy. */
export interface Side {
  store: ByteStore;
  state: StateDatabase<StateTables>;
}

export interface CopyOptions {
  from: Side;
  to: Side;
  /** Name and identity of the wiki. */
  wiki: string;
  uuid: string;
  /** Where the record of its name lies. */
  nameKey: string;
  runtime: Pick<Runtime, 'now'>;
  signal: AbortSignal;
  /** Called after each object. */
  advance(): void;
}

export interface Copied {
  manifest: Manifest;
  objects: number;
  bytes: number;
}

/**
 * Copies one wiki whole into another store: history, policy, tokens, drafts, webhooks, messages that wait, users and audit log; not
 * what is made of these (search index, site, copies for downloads) and no uploads that were not committed. Writers go on
 * meanwhile. What is there already is not copied again, so that a second run costs what changed. The ledger is replaced when all it refers to is
 * there: a run that is broken off leaves the backup before it, and can be run again.
 * @throws KittiwakeError `backup_moved`, `backup_damaged`, `backup_of_other`; those of both stores and databases
 */
export async function backUp(options: CopyOptions): Promise<Copied> {
  const { to, wiki, uuid } = options;
  const before = await findManifest(to.store, wiki);
  if (before !== undefined && before.uuid !== uuid) throw backupOfOther(to.store.location, before.uuid, uuid);
  const copied = await copyWiki(options);
  // A purge at the source is for the copy, too: older versions of its ledger may hold what was purged.
  if (before?.epoch !== copied.manifest.epoch) await to.store.forgetVersions?.(ledgerKey(uuid));
  await writeManifest(to.store, copied.manifest);
  return copied;
}

/**
 * Copies a wiki out of a backup. The name comes last: until then nobody finds the wiki, and the same may be run again.
 * @throws KittiwakeError `backup_absent`; `wiki_exists` when the store holds another state of it, or another wiki of that name;
 * those of {@link backUp}
 */
export async function bringBack(options: CopyOptions): Promise<Copied> {
  await refuseOther(options);
  return await copyWiki(options);
}

async function refuseOther({ from, to, uuid, nameKey }: CopyOptions): Promise<void> {
  if (!(await isReplaceable(to.state, from.state))) {
    throw restoreExists(to.store.location, (await to.state.status()).location);
  }
  for (const key of [ledgerKey(uuid), nameKey]) {
    const [kept, there] = await Promise.all([from.store.get(key), to.store.get(key)]);
    if (there.kind !== 'found') continue;
    if (kept.kind !== 'found' || !kept.bytes.equals(there.bytes)) throw restoreExists(to.store.location, key);
  }
}

async function copyWiki(options: CopyOptions): Promise<Copied> {
  const { from, to, wiki, uuid, nameKey, runtime, signal, advance } = options;
  const begunMs = runtime.now();
  const copied = { objects: 0, bytes: 0 };
  const copying: Copying = { from: from.store, to: to.store, uuid, signal, copied, advance };
  const packs = await copyPacks(copying);
  if (packs === undefined) throw sourceGone(from.store.location, ledgerKey(uuid));
  const owners = await copySecrets(copying);
  const rows = await copyState(from.state, to.state, owners);
  await putMutable(to.store, ledgerKey(uuid), packs.bytes);
  // What was removed at the source since is still referred to by this ledger.
  await removeOthers(to.store, `packs/${uuid}/`, packs.keys);
  await copyDocuments(copying, [nameKey]);
  const { ledger } = packs;
  const manifest: Manifest = {
    format: 'backup 1',
    wiki,
    uuid,
    begunMs,
    endedMs: runtime.now(),
    seq: ledger.stamp.seq,
    epoch: ledger.epoch ?? 0,
    head: headOf(ledger).oid ?? null,
    rows,
  };
  return { manifest, ...copied };
}

/**
 * Webhooks, remotes, and messages that wait: a restored wiki sends them, perhaps after its original. How far others were told is not copied:
 * what a copy tells begins with its own commits.
 */
async function copyMessages(copying: Copying): Promise<void> {
  const { from, to, uuid } = copying;
  const prefix = `outbox/${uuid}/`;
  const waiting = [...(await listAll(from, prefix)).keys()].filter(key => key.split('/')[3] === 'due');
  await copyDocuments(copying, waiting);
  await removeOthers(to, prefix, new Set(waiting));
  const documents = ['webhook-definitions', 'remotes'];
  await copyDocuments(
    copying,
    documents.map(name => `projections/${uuid}/${name}`),
  );
}

/**
 * Drafts, and tokens as hashes. The index tells where the tokens lie; it means nothing without them and goes after them.
 * @returns the users who own tokens
 */
async function copySecrets(copying: Copying): Promise<Set<string>> {
  const { from, to, uuid } = copying;
  const drafts = [...(await listAll(from, `drafts/${uuid}/`)).keys()];
  await copyDocuments(copying, drafts);
  await removeOthers(to, `drafts/${uuid}/`, new Set(drafts));
  await copyMessages(copying);
  const index = await listAll(from, wikiPrefix(uuid));
  const hashes = [...index.keys()].flatMap(key => indexed(key)?.hash ?? []);
  const owners = new Set<string>();
  await copyDocuments(copying, hashes.map(tokenKey), bytes => {
    const userId = userIdOf(tokenFormat.decode(bytes).body.owner.id);
    if (userId !== undefined) owners.add(userId);
  });
  await copyListed(copying, index, wikiPrefix(uuid));
  await removeOthers(to, wikiPrefix(uuid), new Set(index.keys()));
  return owners;
}
