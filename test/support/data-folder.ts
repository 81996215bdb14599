import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished } from 'vitest';
import { readConfig } from '../../src/core/config.ts';
import { createLogger } from '../../src/core/log.ts';
import { systemRuntime } from '../../src/core/runtime.ts';
import { examine } from '../../src/git/doctor/doctor.ts';
import type { LedgerRepository } from '../../src/git/open.ts';
import { createService, type Service } from '../../src/lazy/app.ts';
import { git, temporaryFolder } from './git-command.ts';
import { exportTo } from './repository.ts';

/** The service on a data folder as a process that has just started sees it. */
export function openData(data: string): Service {
  const { config, secrets } = readConfig({ env: { KITTIWAKE_DATA: data, KITTIWAKE_API_KEY: 'test-key' } });
  const log = createLogger({ level: 'silent', write: () => {}, now: Date.now });
  const service = createService({ config, secrets, runtime: systemRuntime, log });
  onTestFinished(() => service.close());
  return service;
}

/** A new wiki in a data folder; resolves with its repository. */
export async function createData(data: string): Promise<LedgerRepository> {
  const service = openData(data);
  await service.createWiki();
  return service.repository();
}

/** What native git says of a sound wiki. */
export interface NativeHistory {
  /** A bare repository. */
  folder: string;
  /** All commits, newest first. */
  commits: { oid: string; subject: string }[];
}

/**
 * Fails unless `doctor` finds nothing wrong and native git finds nothing wrong with an export. `when` is part of the
 * failure's message.
 */
export async function expectSound(data: string, when = ''): Promise<NativeHistory> {
  return expectSoundRepository(await openData(data).repository(), when);
}

/** The same for a wiki anywhere. */
export async function expectSoundRepository(repository: LedgerRepository, when = ''): Promise<NativeHistory> {
  await expectNoFindings(repository, when);
  const folder = temporaryFolder();
  await exportTo(repository, folder);
  git(folder, ['fsck', '--full', '--strict']);
  const { head } = await repository.view();
  const log = head === undefined ? '' : git(folder, ['log', '--format=%H %s', 'main']).toString();
  const lines = log.split('\n').filter(line => line !== '');
  const commits = lines.map(line => ({ oid: line.slice(0, 40), subject: line.slice(41) }));
  expect(commits[0]?.oid, when).toBe(head);
  return { folder, commits };
}

/** Fails unless `doctor` finds nothing wrong. Resolves with the repository. */
export async function expectExamined(data: string, when = ''): Promise<LedgerRepository> {
  const repository = await openData(data).repository();
  await expectNoFindings(repository, when);
  return repository;
}

/** Fails unless `doctor` finds nothing wrong. */
export async function expectNoFindings(repository: LedgerRepository, when = ''): Promise<void> {
  const { findings } = await examine(repository);
  expect(
    findings.filter(({ severity }) => severity === 'error'),
    when,
  ).toEqual([]);
}

/** Every file below a folder by its path there, temporary ones left out; bytes as Latin-1. */
export function filesBelow(folder: string): Record<string, string> {
  const files: Record<string, string> = {};
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name).slice(folder.length + 1);
    if (entry.isFile() && !path.startsWith('~tmp/')) files[path] = readFileSync(join(folder, path), 'latin1');
  }
  return files;
}

/** The file that holds the newest version of the wiki's ledger, by its path in the data folder. */
export function ledgerFile(data: string): string {
  const files = Object.keys(filesBelow(join(data, 'ledger')));
  const newest = files.sort((a, b) => Number(b.split('/').at(-1)) - Number(a.split('/').at(-1)))[0];
  return `ledger/${newest}`;
}
