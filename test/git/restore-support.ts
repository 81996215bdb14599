import { expect } from 'vitest';
import { systemRuntime } from '../../src/core/runtime.ts';
import { examine } from '../../src/git/doctor/doctor.ts';
import { ledgerKey } from '../../src/git/ledger/ledger.ts';
import { type LedgerRepository, openRepository, type RepositoryOptions } from '../../src/git/open.ts';
import { planRestore, type RestoreReport, restoreLedger } from '../../src/git/upkeep/restore.ts';
import { s3Store } from '../storage/s3-support.ts';
import { newRepository } from '../support/repository.ts';
import type { S3Server, S3ServerOptions } from '../support/s3-server/server.ts';
import { enableVersioning, rawServer, type SendRaw } from '../support/s3-server.ts';

/** A wiki in a bucket that keeps versions, and who else works on it. */
export interface VersionedWiki {
  server: S3Server;
  send: SendRaw;
  repository: LedgerRepository;
  /** The same wiki as another process sees it. */
  another(options?: Partial<RepositoryOptions>): LedgerRepository;
  /** Key of the ledger in the bucket. */
  ledger: string;
  /** The id of the version that is current. */
  current(): Promise<string>;
}

export async function versionedWiki(
  options: S3ServerOptions = {},
  wanted: Partial<RepositoryOptions> = {},
): Promise<VersionedWiki> {
  const { server, send } = await rawServer(options);
  await enableVersioning(send);
  const repository = await newRepository({ store: s3Store(server), flush: null, ...wanted });
  const { uuid } = repository;
  return {
    server,
    send,
    repository,
    another: more =>
      openRepository({ store: s3Store(server), uuid, runtime: systemRuntime, flush: null, ...more }),
    ledger: `some/wiki/${ledgerKey(uuid)}`,
    current: () => currentVersion(repository),
  };
}

export async function currentVersion({ store, uuid }: LedgerRepository): Promise<string> {
  for await (const { id, isCurrent } of store.versions?.(ledgerKey(uuid)) ?? []) if (isCurrent) return id;
  throw new Error('no version is current');
}

/** Goes back to a version of the ledger. */
export async function restoreTo(repository: LedgerRepository, id: string): Promise<RestoreReport> {
  const { older } = await planRestore(repository, id);
  return await restoreLedger(repository, older);
}

/** Texts of all files of the newest commit, by a process that has just started; fails when the wiki is not sound. */
export async function soundFiles(repository: LedgerRepository): Promise<Record<string, string>> {
  const { findings } = await examine(repository);
  expect(findings.filter(({ severity }) => severity === 'error')).toEqual([]);
  const view = await repository.view({ maxAgeMs: 0 });
  const files = await view.files('');
  const texts = await Promise.all(
    files.map(async ({ path, oid }) => [path, (await view.blob(oid)).toString('latin1')] as const),
  );
  return Object.fromEntries(texts);
}
