import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished, vi } from 'vitest';
import { startBackground } from '../../src/cli/background.ts';
import { readConfig } from '../../src/core/config.ts';
import { createLogger } from '../../src/core/log.ts';
import { systemRuntime } from '../../src/core/runtime.ts';
import { createService } from '../../src/lazy/app.ts';

it('merges packs, deletes what they replaced and leads the search index on, and stops when told', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'kittiwake-background-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const lines: string[] = [];
  const log = createLogger({ level: 'warn', write: line => lines.push(line), now: () => Date.now() });
  const { config, secrets } = readConfig({ args: ['--data', folder], env: {} });
  const service = createService({ config, secrets, runtime: systemRuntime, log });
  await service.createWiki();
  const [repository, wiki] = [await service.repository(), await service.wiki()];
  const background = startBackground(service, {
    runtime: systemRuntime,
    log,
    mergeEveryMs: 20,
    collectEveryMs: 30,
    collect: { readerGraceMs: 0, orphanGraceMs: 0 },
  });
  for (let page = 0; page < 8; page += 1) {
    await wiki.putPage({ path: `page-${page}`, content: `text ${page}` });
    await repository.flusher.flush();
  }
  await vi.waitFor(
    async () => {
      const { packs, condemned } = await repository.ledger();
      expect(packs.length).toBeLessThan(5);
      expect(condemned).toEqual([]);
      const { head } = await repository.view();
      expect((await (await service.search()).projection.cursor())?.head).toBe(head);
    },
    { timeout: 10_000, interval: 50 },
  );
  await background.stop();
  const { seq } = (await repository.ledger()).stamp;
  await new Promise(resolve => setTimeout(resolve, 100));
  expect((await repository.ledger()).stamp.seq).toBe(seq);
  expect(lines).toEqual([]);
  await service.close();
});
