import { expect, it } from 'vitest';
import { openRepository } from '../../../src/git/open.ts';
import { runNotStored } from '../../../src/import/engine/errors.ts';
import { isFinal } from '../../../src/import/job/run-errors.ts';
import { runJob } from '../../../src/import/job/run-job.ts';
import type { ByteStore } from '../../../src/storage/byte-store.ts';
import { isPageFile } from '../../../src/wiki/name/page-path.ts';
import { newRepository } from '../../support/repository.ts';
import { filesOf, type SmallRow, smallEnvironment, smallJob, smallJobs } from './small-import.ts';

const ROWS = Array.from({ length: 8 }, (_, n): SmallRow => [`docs/p${n}.md`, `text ${n}`]);
const { signal } = new AbortController();

/** A store that does not answer the `which`th time that a file of a pack is stored. */
function silentOnce(store: ByteStore, which: number): ByteStore {
  let calls = 0;
  return {
    location: store.location,
    get: (...given) => store.get(...given),
    list: (...given) => store.list(...given),
    delete: keys => store.delete(keys),
    upload: (...given) => store.upload(...given),
    async put(key, ...given) {
      if (key.startsWith('packs/')) calls += 1;
      if (key.startsWith('packs/') && calls === which)
        return { kind: 'unknown', cause: new Error('timeout') };
      return await store.put(key, ...given);
    },
  };
}

it('an import goes on when the store did not answer while a pack was stored', async () => {
  const repository = await newRepository({ isPage: isPageFile });
  let interrupted = 0;
  for (let which = 1; which < 12; which += 1) {
    const { uuid, runtime } = repository;
    await repository.store.delete([`jobs/${uuid}/a1`]);
    const jobs = await smallJobs(repository, smallJob({ existing: 'overwrite' }));
    const rows = ROWS.map((row): SmallRow => (row instanceof Error ? row : [row[0], `${row[1]}, ${which}`]));
    const store = silentOnce(repository.store, which);
    const weak = openRepository({ store, uuid, runtime, isPage: isPageFile });
    const first = await runJob(smallEnvironment(weak, jobs, rows), { id: 'a1', signal }).catch(
      () => undefined,
    );
    if (first === undefined) interrupted += 1;
    const outcome = await runJob(smallEnvironment(repository, jobs, rows), { id: 'a1', signal });
    expect(outcome).toMatchObject({ kind: 'ended', job: { state: 'done', report: { written: 8 } } });
    expect(await filesOf(repository)).toEqual(Object.fromEntries(rows as [string, string][]));
  }
  expect(interrupted).toBeGreaterThan(5);
});

it('a run that the store did not answer for is no failure of the import', () => {
  expect(isFinal(runNotStored('run-1', { kind: 'unknown', cause: new Error('timeout') }))).toBe(false);
});
