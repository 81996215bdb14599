import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished, vi } from 'vitest';
import { startBackgroundThread } from '../../src/cli/background-thread.ts';
import { readConfig } from '../../src/core/config.ts';
import { createLogger } from '../../src/core/log.ts';
import { readProjectionSettings } from '../../src/core/projection-config.ts';
import { systemRuntime } from '../../src/core/runtime.ts';
import { createService } from '../../src/lazy/app.ts';

async function setUp() {
  const folder = await mkdtemp(join(tmpdir(), 'kittiwake-thread-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const lines: string[] = [];
  const write = (line: string) => lines.push(line);
  const log = createLogger({ level: 'warn', write, now: () => Date.now() });
  const given = readConfig({ env: { KITTIWAKE_DATA: folder } });
  const options = { ...given, runtime: systemRuntime, log, write, gatherMs: 5, restartMs: 1 };
  return { folder, lines, options };
}

const projections = readProjectionSettings({ env: {} });
const soon = { timeout: 15_000, interval: 20 };

it('leads the search index on and merges packs beside the thread that commits', async () => {
  const { lines, options } = await setUp();
  const service = createService(options);
  onTestFinished(() => service.close());
  await service.createWiki();
  const background = startBackgroundThread({ ...options, projections });
  onTestFinished(service.onCommit(background.wake));
  const [wiki, repository] = [await service.wiki(), await service.repository()];
  for (let page = 0; page < 14; page += 1) {
    await wiki.putPage({ path: `page-${page}`, content: `text ${page}` });
    await repository.flusher.flush();
  }
  await wiki.putPage({ path: 'last', content: 'the last one' });
  const { projection } = await service.search();
  const { head } = await repository.view();
  await vi.waitFor(async () => expect((await projection.cursor())?.head).toBe(head), soon);
  await vi.waitFor(async () => {
    background.wake();
    expect((await repository.ledger(0)).packs.length).toBeLessThan(12);
  }, soon);
  await background.stop();
  await background.stop();
  expect(lines).toEqual([]);
});

it('starts a thread that failed again, and says why it failed', async () => {
  const { folder, lines, options } = await setUp();
  const file = join(folder, 'starts');
  const config = { ...options.config, file };
  const script = new URL('./failing.worker.ts', import.meta.url);
  const background = startBackgroundThread({ ...options, projections, config, script });
  const told = async () => (await readFile(file, 'utf8')).split('\n');
  await vi.waitFor(
    async () => expect((await told()).filter(line => line === 'started')).toHaveLength(3),
    soon,
  );
  background.wake();
  await vi.waitFor(async () => expect(await told()).toContain('wake'), soon);
  await background.stop();
  expect((await told()).slice(-3)).toEqual(['wake', 'stop', '']);
  expect(lines.filter(line => line === 'a line of the thread')).toHaveLength(3);
  const failures = lines.filter(line => line.includes('background_failed'));
  expect(failures).toHaveLength(2);
});
