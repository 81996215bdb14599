import { expect, it } from 'vitest';
import { systemRuntime } from '../../src/core/runtime.ts';
import { hashObject } from '../../src/git/object/object-codec.ts';
import { adoptCommit } from '../../src/import/adopt-commit.ts';
import { PackBatches } from '../../src/import/pack-batches.ts';
import { commitFiles, newRepository } from '../support/repository.ts';

const AUTHOR = { name: 'Ann', email: 'ann@example.org' };

/** A wiki in which somebody commits whenever an import has planned its changes, `times` times; and how long it waits. */
async function busyWiki(times: number) {
  const waits: number[] = [];
  const runtime = {
    ...systemRuntime,
    random: () => 0.5,
    sleep(ms: number) {
      waits.push(ms);
      return systemRuntime.sleep(Math.min(ms, 1));
    },
  };
  const repository = await newRepository({ runtime });
  const batches = new PackBatches(repository);
  const bytes = Buffer.from('mine');
  const oid = hashObject('blob', bytes);
  await batches.add('blob', oid, bytes);
  let attempts = 0;
  const adopt = (signal?: AbortSignal) =>
    adoptCommit({
      repository,
      batches,
      async changes() {
        attempts += 1;
        if (attempts <= times) await commitFiles(repository, { [`other-${attempts}.md`]: 'x' });
        return [{ path: 'mine.md', to: { oid, size: bytes.length } }];
      },
      message: 'Import',
      author: AUTHOR,
      signal,
    });
  return {
    repository,
    adopt,
    attempts: () => attempts,
    waits: () => waits.filter(ms => BACKOFF.includes(ms)),
  };
}

const BACKOFF = [50, 100, 200, 400];

it('an import waits longer and longer while others commit, and is made on top of them', async () => {
  const { repository, adopt, attempts, waits } = await busyWiki(3);
  const head = await adopt();
  expect((await repository.view()).head).toBe(head);
  expect(attempts()).toBe(4);
  expect(waits()).toEqual([50, 100, 200]);
  const files = await (await repository.view()).files('');
  expect(files.map(({ path }) => path)).toEqual(['mine.md', 'other-1.md', 'other-2.md', 'other-3.md']);
});

it('an import gives up after five attempts, without a last wait', async () => {
  const { adopt, attempts, waits } = await busyWiki(9);
  await expect(adopt()).rejects.toMatchObject({ code: 'not_fast_forward' });
  expect(attempts()).toBe(5);
  expect(waits()).toEqual(BACKOFF);
});

it('an import that is stopped while it waits does not try again', async () => {
  const { adopt, attempts } = await busyWiki(9);
  const stop = new AbortController();
  const adopted = adopt(stop.signal);
  const aborting = (async () => {
    while (attempts() < 2) await systemRuntime.turn();
    stop.abort(new Error('stopped'));
  })();
  await expect(adopted).rejects.toThrow('stopped');
  await aborting;
  expect(attempts()).toBeLessThan(5);
});
