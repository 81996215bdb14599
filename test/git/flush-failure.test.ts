import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, vi } from 'vitest';
import { readConfig } from '../../src/core/config.ts';
import { KittiwakeError } from '../../src/core/errors.ts';
import { createLogger } from '../../src/core/log.ts';
import { systemRuntime } from '../../src/core/runtime.ts';
import { createService } from '../../src/lazy/app.ts';
import type { ByteStore } from '../../src/storage/byte-store.ts';
import { createMemoryByteStore } from '../../src/storage/memory.ts';
import { temporaryFolder } from '../support/git-command.ts';
import { commitFiles, newRepository } from '../support/repository.ts';

/** Flushes beside every swap. */
const EAGER = { minBytes: 0, minSwaps: 1, maxBytes: 1 };

/** A store that refuses packs for as long as `code` is set, naming the key. */
function refusingStore(): { store: ByteStore; refusal: { code: string | undefined } } {
  const memory = createMemoryByteStore();
  const refusal: { code: string | undefined } = { code: undefined };
  const store = Object.create(memory) as ByteStore;
  store.put = async (key, body, condition, options) => {
    if (refusal.code !== undefined && key.startsWith('packs/'))
      throw new KittiwakeError(refusal.code, `Writing "${key}" failed: ${refusal.code}`);
    return memory.put(key, body, condition, options);
  };
  for (const name of ['get', 'list', 'delete'] as const)
    Object.assign(store, { [name]: (...args: [never, never]) => memory[name](...args) });
  return { store, refusal };
}

it('tells a failing flush once for failures that are alike, and again after one that succeeded', async () => {
  const { store, refusal } = refusingStore();
  const told: string[] = [];
  const repository = await newRepository({
    store,
    flush: EAGER,
    onFlushError: error => told.push((error as KittiwakeError).code),
  });
  const commits = async (name: string) => {
    for (const each of ['1', '2', '3']) await commitFiles(repository, { [name + each]: 'text' });
  };
  refusal.code = 'storage_full';
  await commits('a');
  expect(told).toEqual(['storage_full']);
  refusal.code = 'storage_denied';
  await commits('b');
  expect(told).toEqual(['storage_full', 'storage_denied']);
  refusal.code = undefined;
  await commits('c');
  refusal.code = 'storage_denied';
  await commits('d');
  expect(told).toEqual(['storage_full', 'storage_denied', 'storage_denied']);
  expect(await (await repository.view()).files('')).toHaveLength(12);
});

it('a failing flush is in the log, and the wiki goes on', async () => {
  const data = temporaryFolder();
  const { config, secrets } = readConfig({ env: { KITTIWAKE_DATA: data, KITTIWAKE_API_KEY: 'test-key' } });
  const lines: { event: string; level: string; code?: string }[] = [];
  const log = createLogger({ write: line => lines.push(JSON.parse(line)), now: Date.now });
  const service = createService({ config, secrets, runtime: systemRuntime, log });
  await service.createWiki();
  const repository = await service.repository();
  const noise = Array.from({ length: 80 }, (_, number) => [
    `${number}.bin`,
    randomBytes(15_000).toString('hex'),
  ]);
  await commitFiles(repository, { 'before.md': 'text', ...Object.fromEntries(noise) });
  writeFileSync(join(data, 'packs'), 'no folder');
  for (const name of ['a', 'b', 'c']) await commitFiles(repository, { [`${name}.md`]: 'text' });
  // On a disk the flush goes on beside the commits.
  const failures = () => lines.filter(line => line.event === 'flush_failed');
  await vi.waitFor(() => expect(failures()).not.toEqual([]), 10_000);
  expect(failures()).toEqual([
    expect.objectContaining({ level: 'error', code: expect.stringMatching(/^storage_/) }),
  ]);
  expect(await (await repository.view()).file('c.md')).toBeDefined();
  await service.close();
});
