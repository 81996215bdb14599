import { readFileSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { inflateSync } from 'node:zlib';
import { expect } from 'vitest';
import { systemRuntime } from '../../src/core/runtime.ts';
import { examine } from '../../src/git/doctor/doctor.ts';
import { ledgerFormat, ledgerKey } from '../../src/git/ledger/ledger.ts';
import { hashObject } from '../../src/git/object/object-codec.ts';
import type { ObjectType, Oid } from '../../src/git/object/objects.ts';
import { type LedgerRepository, openRepository } from '../../src/git/open.ts';
import { PackIndex } from '../../src/git/pack/pack-index.ts';
import { PackWriter } from '../../src/git/pack/pack-writer.ts';
import { storePack } from '../../src/git/upkeep/adopt.ts';
import type { ByteStore } from '../../src/storage/byte-store.ts';
import { allObjects, git, temporaryFolder } from '../support/git-command.ts';
import { exportTo } from '../support/repository.ts';

export const SECRET = 'the password is correct horse battery staple\n';
export const SECRET_BLOB = hashObject('blob', Buffer.from(SECRET));

/** The same wiki as another process has it. */
export const another = ({ store, uuid }: LedgerRepository): LedgerRepository =>
  openRepository({ store, uuid, runtime: systemRuntime });

/** Keys of stored files in which a content still is: in the objects of packs, and in the journals of ledgers. */
export async function filesWith({ store, uuid }: LedgerRepository, oid: Oid): Promise<string[]> {
  const found: string[] = [];
  for (const { key } of (await store.list(`packs/${uuid}/`)).objects) {
    const bytes = await bytesOf(store, key);
    if (key.endsWith('.idx') && PackIndex.parse(bytes).find(oid) !== undefined) found.push(key);
  }
  if (ledgerHolds(await bytesOf(store, ledgerKey(uuid)), oid)) found.push(ledgerKey(uuid));
  return found;
}

async function bytesOf(store: ByteStore, key: string): Promise<Buffer> {
  const got = await store.get(key);
  if (got.kind !== 'found') throw new Error(`"${key}" is ${got.kind}`);
  return got.bytes;
}

export function ledgerHolds(bytes: Buffer, oid: Oid): boolean {
  return ledgerFormat.decode(bytes).journal.blob(oid) !== undefined;
}

/** Files below a folder that hold the text as it is, or in one of their zlib streams. */
export async function filesThatTell(folder: string, text: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter(entry => entry.isFile()).map(({ parentPath, name }) => join(parentPath, name));
  return files.filter(file => tells(readFileSync(file), text));
}

function tells(bytes: Buffer, text: string): boolean {
  if (bytes.includes(text)) return true;
  for (let at = bytes.indexOf(0x78); at >= 0; at = bytes.indexOf(0x78, at + 1)) {
    try {
      if (inflateSync(bytes.subarray(at)).includes(text)) return true;
    } catch {
      // No stream begins there.
    }
  }
  return false;
}

/** Fails unless doctor and native git find nothing wrong; the objects that an export has, by id. */
export async function soundObjects(
  repository: LedgerRepository,
): Promise<Map<string, { type: string; bytes: Buffer }>> {
  const { findings } = await examine(repository);
  expect(findings.filter(({ severity }) => severity === 'error')).toEqual([]);
  const folder = temporaryFolder();
  await exportTo(repository, folder);
  git(folder, ['fsck', '--full', '--strict']);
  return allObjects(folder);
}

/** The history as `author time|subject`, and the text of each file of the newest commit. */
export async function historyOf(
  repository: LedgerRepository,
): Promise<{ log: string[]; files: Record<string, string> }> {
  const view = await repository.view({ maxAgeMs: 0 });
  const log: string[] = [];
  for await (const { commit } of view.log())
    log.push(`${commit.author.name} ${commit.author.seconds}|${commit.message.trim()}`);
  const files: Record<string, string> = {};
  for (const { path, oid } of await view.files('')) files[path] = (await view.blob(oid)).toString();
  return { log, files };
}

type Objects = readonly { type: ObjectType; bytes: Buffer }[];

/** Stores objects in a pack that nobody lists. */
export async function addPack(repository: LedgerRepository, objects: Objects) {
  const writer = new PackWriter();
  for (const { type, bytes } of objects) writer.add(type, hashObject(type, bytes), bytes);
  const { pack, index, entries } = writer.finish();
  return await storePack(repository, { pack, index, objects: entries.length });
}

/** Adds objects in a pack of their own, and a ref to the last of them; resolves with its id. */
export async function addRef(repository: LedgerRepository, name: string, objects: Objects): Promise<Oid> {
  const stored = await addPack(repository, objects);
  const last = objects.at(-1);
  const oid = last ? hashObject(last.type, last.bytes) : '';
  await repository.amend<true>({
    apply: async current => ({
      kind: 'change',
      value: { ...current, refs: { ...current.refs, [name]: oid }, packs: [...current.packs, stored] },
      result: true,
    }),
    settle: async current => (current.refs[name] === oid ? true : undefined),
  });
  return oid;
}
