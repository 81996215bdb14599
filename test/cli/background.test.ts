import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { expect, it, onTestFinished, vi } from 'vitest';
import { startBackground } from '../../src/cli/background.ts';
import { readConfig } from '../../src/core/config.ts';
import { createLogger } from '../../src/core/log.ts';
import { systemRuntime } from '../../src/core/runtime.ts';
import { createService, type Service } from '../../src/lazy/app.ts';

const lines: string[] = [];
const log = createLogger({ level: 'warn', write: line => lines.push(line), now: () => Date.now() });

async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'kittiwake-background-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  return folder;
}

/** What one process has of the wiki in a folder. */
function open(folder: string): Service {
  const { config, secrets } = readConfig({ env: { KITTIWAKE_DATA: folder } });
  const service = createService({ config, secrets, runtime: systemRuntime, log });
  onTestFinished(() => service.close());
  return service;
}

function start(service: Service) {
  const collect = { readerGraceMs: 0, orphanGraceMs: 0 };
  const often = { mergeEveryMs: 20, collectEveryMs: 30 };
  const background = startBackground(service, { runtime: systemRuntime, log, ...often, collect });
  onTestFinished(service.onCommit(background.wake));
  onTestFinished(() => background.stop());
  return background;
}

/** `count` commits, each in a pack of its own. */
async function addPacks(service: Service, count: number, folder = 'notes'): Promise<void> {
  const [repository, wiki] = [await service.repository(), await service.wiki()];
  for (let page = 0; page < count; page += 1) {
    await wiki.putPage({ path: `${folder}/page-${page}`, content: `text ${page}` });
    await repository.flusher.flush();
  }
}

async function expectFewPacks(service: Service): Promise<void> {
  const repository = await service.repository();
  await vi.waitFor(
    async () => {
      const { packs, condemned } = await repository.ledger(0);
      expect(packs.length).toBeLessThan(5);
      expect(condemned).toEqual([]);
    },
    { timeout: 15_000, interval: 50 },
  );
}

it('merges packs, deletes what they replaced and leads the search index on, and stops when told', async () => {
  const service = open(await temporaryFolder());
  await service.createWiki();
  const repository = await service.repository();
  const background = start(service);
  await addPacks(service, 8);
  await expectFewPacks(service);
  const { head } = await repository.view();
  await vi.waitFor(
    async () => expect((await (await service.search()).projection.cursor())?.head).toBe(head),
    { timeout: 15_000, interval: 50 },
  );
  await background.stop();
  const { seq } = (await repository.ledger()).stamp;
  await wait(100);
  expect((await repository.ledger()).stamp.seq).toBe(seq);
  expect(lines).toEqual([]);
});

it('merges packs that came without a commit of its own since', async () => {
  const folder = await temporaryFolder();
  const service = open(folder);
  await service.createWiki();
  await addPacks(service, 6);
  start(service);
  await expectFewPacks(service);
  await addPacks(open(folder), 6, 'others');
  await expectFewPacks(service);
});

it('leaves packs alone that are not worth merging, and looks at them once', async () => {
  const service = open(await temporaryFolder());
  await service.createWiki();
  await addPacks(service, 3);
  const repository = await service.repository();
  const before = await repository.ledger(0);
  const reads = vi.spyOn(repository, 'ledger');
  const background = startBackground(service, { runtime: systemRuntime, log, mergeEveryMs: 5 });
  await vi.waitFor(() => expect(reads).toHaveBeenCalled(), { timeout: 15_000 });
  await wait(200);
  await background.stop();
  expect(reads).toHaveBeenCalledTimes(1);
  expect(await repository.ledger(0)).toEqual(before);
});
