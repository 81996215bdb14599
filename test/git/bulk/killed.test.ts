import { expect, test } from 'vitest';
import { commitBulk } from '../../../src/git/bulk/commit-bulk.ts';
import { openRepository } from '../../../src/git/open.ts';
import type { ByteStore } from '../../../src/storage/byte-store.ts';
import { createMemoryByteStore } from '../../../src/storage/memory.ts';
import { commitFiles } from '../../support/repository.ts';
import { bulkOf, describePage, manyPages, newWiki, storeRun } from './bulk-support.ts';
import { allTexts, exported, fastImported, problems, reopened } from './verify.ts';

/**
 * The store as a process sees it that ends with its `last` call, before or after that took effect. What waits for an answer is let go
 * by `clear`, so that its files are closed.
 */
function dyingStore(store: ByteStore, last: number, isLate: boolean) {
  let calls = 0;
  const waiting: ((reason: Error) => void)[] = [];
  const never = () => new Promise<never>((_, reject) => waiting.push(reject));
  const dying = Object.create(store) as ByteStore & { ended: Promise<void> };
  let end = () => {};
  dying.ended = new Promise(resolve => {
    end = resolve;
  });
  for (const name of ['get', 'put', 'list', 'delete', 'upload'] as const) {
    const call = store[name].bind(store) as (...args: unknown[]) => Promise<unknown>;
    Object.assign(dying, {
      async [name](...args: unknown[]) {
        calls += 1;
        if (calls > last) return await never();
        if (calls < last) return await call(...args);
        if (isLate) await call(...args);
        end();
        return await never();
      },
    });
  }
  const clear = () => {
    for (const reject of waiting.splice(0)) reject(new Error('killed'));
  };
  return { dying, clear };
}

test('killed at any call of the store, it is there once and whole after the next attempt', async () => {
  const before = { 'section-1/old.md': 'old', 'part/x.md': 'x' };
  const files = [...manyPages(120), ['part/x.md', 'new [all]'] as const];
  const whole = fastImported(
    [...Object.entries(before), ...files]
      .map(([path, text]) => [path, text] as const)
      .filter(([path, text]) => !(path === 'part/x.md' && text === 'x')),
  );
  let isOver = false;
  let landedFirst = 0;
  for (let last = 1; !isOver; last += 1) {
    for (const isLate of [false, true]) {
      const store = createMemoryByteStore();
      const repository = await newWiki({ store });
      await commitFiles(repository, before);
      const runs = [
        await storeRun(repository, files.slice(0, 70)),
        await storeRun(repository, files.slice(70)),
      ];
      const bulk = await bulkOf(repository, runs);
      const { dying, clear } = dyingStore(store, last, isLate);
      const { uuid, runtime, isPage } = repository;
      const killed = openRepository({
        store: dying,
        uuid,
        runtime,
        isPage,
        describe: describePage,
        flush: null,
      });
      const done = commitBulk({ ...bulk, repository: killed }).then(
        () => 'landed',
        () => 'failed',
      );
      const outcome = await Promise.race([done, dying.ended.then(() => 'killed')]);
      isOver = outcome === 'landed';
      const next = reopened(repository);
      const { isRepeated } = await commitBulk({ ...bulk, repository: next });
      if (isRepeated && outcome === 'killed') landedFirst += 1;
      expect((await allTexts(next))['part/x.md']).toBe('new [all]');
      if (last % 5 === 1) {
        expect((await exported(next)).tree).toBe(whole);
        expect(await problems(next)).toEqual([]);
      }
      let imports = 0;
      for await (const { commit } of (await next.view()).log())
        if (commit.message.startsWith('Import')) imports += 1;
      expect(imports).toBe(1);
      clear();
    }
  }
  expect(landedFirst).toBeGreaterThan(0);
});
