import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { forbidden } from '../../../src/auth/errors.ts';
import type { LedgerRepository } from '../../../src/git/open.ts';
import type { Job, JobOptions } from '../../../src/import/job/job.ts';
import { openJobs } from '../../../src/import/job/jobs.ts';
import { runJob } from '../../../src/import/job/run-job.ts';
import { openJobSource } from '../../../src/import/job/run-source.ts';
import { createDescribe } from '../../../src/wiki/markup/describe.ts';
import { isPageFile } from '../../../src/wiki/name/page-path.ts';
import { DEFAULT_SETTINGS } from '../../../src/wiki/settings.ts';
import { CraftedBundle } from '../../support/bundle.ts';
import { newRepository } from '../../support/repository.ts';
import { filesOf, smallEnvironment, smallJob, sourceMeans } from './small-import.ts';

let scratch = '';
beforeEach(() => {
  scratch = mkdtempSync(join(tmpdir(), 'kittiwake-bundle-job-'));
});
afterEach(() => rmSync(scratch, { recursive: true }));

const wiki = () => newRepository({ isPage: isPageFile, describe: createDescribe(DEFAULT_SETTINGS) });

/** A history of two commits. Returns its head. */
function twoCommits(): { bytes: Buffer; head: string } {
  const bundle = new CraftedBundle();
  const page = (text: string) =>
    bundle.tree({ mode: '100644', name: 'home.md', oid: bundle.add('blob', text) });
  const head = bundle.commit(page('second'), bundle.commit(page('first')));
  return { bytes: bundle.finish({ 'refs/heads/main': head }), head };
}

/** Imports a bundle that was uploaded in two pieces. */
async function run(
  repository: LedgerRepository,
  bytes: Buffer,
  { options = {}, mayImport = true }: { options?: Partial<JobOptions>; mayImport?: boolean } = {},
): Promise<Job> {
  const pieces = [bytes.subarray(0, 40), bytes.subarray(40)];
  const segments = [];
  for (const [index, piece] of pieces.entries()) {
    const key = `job-files/test/source-${index}`;
    await repository.store.put(key, [piece], { immutable: true });
    segments.push({ key, bytes: piece.length });
  }
  const source = { kind: 'stored', key: 'none', name: 'wiki.bundle', bytes: bytes.length, segments } as const;
  const jobs = openJobs(repository);
  const { id: _, createdMs, parts, commits, ...wish } = smallJob(options);
  const { job } = await jobs.create(() => ({ ...wish, source }));
  const checkHistory = async () => {
    if (!mayImport) throw forbidden('admin');
  };
  const means = { ...sourceMeans(repository), checkHistory, scratch };
  const environment = {
    ...smallEnvironment(repository, jobs, []),
    open: (each: Job, signal: AbortSignal) => openJobSource(each, means, signal),
  };
  const outcome = await runJob(environment, { id: job.id, signal: new AbortController().signal });
  if (outcome.kind !== 'ended') throw new Error(`it is ${outcome.kind}`);
  return outcome.job;
}

describe('a git bundle that was uploaded', () => {
  it('becomes the wiki, commit for commit, gzipped or not, and leaves no copy', async () => {
    const { bytes, head } = twoCommits();
    for (const uploaded of [bytes, gzipSync(bytes)]) {
      const repository = await wiki();
      const job = await run(repository, uploaded);
      expect(job).toMatchObject({ state: 'done', commits: [head], report: { written: 1 } });
      expect(job.parts[0]?.bytesRead).toBe(uploaded.length);
      expect([(await repository.view()).head, (await repository.view()).ordinal]).toEqual([head, 1]);
      expect(await filesOf(repository)).toEqual({ 'home.md': 'second' });
    }
    expect(readdirSync(scratch)).toEqual([]);
  });

  it('is refused where the caller is no administrator, and where rows were asked for', async () => {
    const { bytes } = twoCommits();
    const repository = await wiki();
    expect(await run(repository, bytes, { mayImport: false })).toMatchObject({
      error: { code: 'forbidden' },
    });
    for (const options of [{ dryRun: true }, { into: 'x' }, { pipeline: {} }, { format: 'csv' }] as const)
      expect(await run(repository, bytes, { options })).toMatchObject({
        state: 'failed',
        error: { code: 'source_unsupported' },
      });
    expect((await repository.view()).head).toBeUndefined();
  });

  it('is named by its name where it is damaged', async () => {
    const { bytes } = twoCommits();
    bytes[bytes.length - 30] = (bytes[bytes.length - 30] ?? 0) ^ 1;
    const { error } = await run(await wiki(), bytes);
    expect(error?.code).toBe('source_corrupt');
    expect(error?.message).toMatch(/^Cannot import "wiki\.bundle": /);
  });
});
