import { describe, expect, it } from 'vitest';
import { systemRuntime } from '../../../src/core/runtime.ts';
import { examine } from '../../../src/git/doctor/doctor.ts';
import { openRepository } from '../../../src/git/open.ts';
import { runJob } from '../../../src/import/job/run-job.ts';
import type { ByteStore } from '../../../src/storage/byte-store.ts';
import { createMemoryByteStore } from '../../../src/storage/memory.ts';
import { isPageFile } from '../../../src/wiki/name/page-path.ts';
import { type Death, dyingStore } from '../../projection/disturbed/dying-store.ts';
import { Prng } from '../../simulation/prng.ts';
import { newRepository } from '../../support/repository.ts';
import { filesOf, type SmallRow, smallEnvironment, smallJob, smallJobs } from './small-import.ts';

const UUID = '0123456789abcdef0123456789abcdef';
const ROWS = Array.from(
  { length: 8 },
  (_, n): SmallRow => (n === 4 ? new Error('bad') : [`docs/p${n}.md`, `text ${n}`]),
);
const FILES = Object.fromEntries(ROWS.filter((row): row is [string, string] => Array.isArray(row)));
const { signal } = new AbortController();

/** One process that is at the job until it dies, or the job has ended. */
async function live(store: ByteStore, leaseMs: number): Promise<void> {
  const repository = openRepository({ store, uuid: UUID, runtime: systemRuntime, isPage: isPageFile });
  const jobs = await smallJobs(repository);
  const environment = { ...smallEnvironment(repository, jobs, ROWS), parts: 2, leaseMs };
  for (;;) {
    const outcome = await runJob(environment, { id: 'a1', signal });
    if (outcome.kind === 'ended') return;
    await systemRuntime.sleep(2);
  }
}

async function newWiki(options: Parameters<typeof smallJob>[0]) {
  const store = createMemoryByteStore();
  const repository = await newRepository({ store, uuid: UUID, isPage: isPageFile });
  const jobs = await smallJobs(repository, smallJob(options));
  return { store, repository, jobs };
}

async function expectDone({ repository, jobs }: Awaited<ReturnType<typeof newWiki>>, when: string) {
  expect(await filesOf(repository), when).toEqual(FILES);
  const job = await jobs.find('a1');
  expect(job, when).toMatchObject({ state: 'done', isSwept: true, report: { written: 7, failed: 1 } });
  expect(job.errorFiles, when).toHaveLength(1);
  const view = await repository.view();
  expect(job.commits.at(-1), when).toBe(view.head);
  const log = await Array.fromAsync(view.log());
  expect(log.map(({ commit }) => commit.oid).reverse(), when).toEqual(job.commits);
  const { findings } = await examine(repository);
  expect(
    findings.filter(({ severity }) => severity === 'error'),
    when,
  ).toEqual([]);
}

/** True when it did not make so many calls. */
async function dieOnce(death: Death, options: Parameters<typeof smallJob>[0]): Promise<boolean> {
  const wiki = await newWiki(options);
  const lived = await live(dyingStore(wiki.store, death, new Prng(death.call)), 20).then(
    () => true,
    error => !String(error).includes('the process was killed'),
  );
  await live(wiki.store, 20);
  await expectDone(wiki, `died at call ${death.call}, which ${death.lands ? 'landed' : 'did not'}`);
  return lived;
}

describe.each([{ options: {} }, { options: { commitPages: 3 } }])(
  'an import with $options',
  ({ options }) => {
    it('whose worker dies at any call of the store ends as if nothing had happened', {
      timeout: 120_000,
    }, async () => {
      let deaths = 0;
      for (let call = 1; ; call += 1) {
        const lived = await Promise.all(
          [false, true].map(lands => dieOnce({ of: '', call, lands }, options)),
        );
        if (lived.includes(true)) break;
        deaths += 1;
      }
      expect(deaths).toBeGreaterThan(20);
    });

    it('at which two workers are, one of which dies, commits once', { timeout: 120_000 }, async () => {
      for (let seed = 1; seed <= 60; seed += 1) {
        const prng = new Prng(seed);
        // A short one runs out while its worker is alive.
        const leaseMs = prng.pick([3, 20]);
        const wiki = await newWiki(options);
        const death: Death = { of: '', call: prng.int(1, 60), lands: prng.chance(0.5) };
        const never: Death = { of: '', call: Number.POSITIVE_INFINITY, lands: false };
        await Promise.all([
          live(dyingStore(wiki.store, death, prng), leaseMs).catch(() => undefined),
          live(dyingStore(wiki.store, never, new Prng(seed + 1_000)), leaseMs),
        ]);
        await live(wiki.store, 20);
        await expectDone(wiki, `seed ${seed}`);
      }
    });
  },
);
