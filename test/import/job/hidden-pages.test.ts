import { expect, test } from 'vitest';
import { createEngine } from '../../../src/import/engine/engine.ts';
import type { Job } from '../../../src/import/job/job.ts';
import { runJob } from '../../../src/import/job/run-job.ts';
import type { Permits } from '../../../src/wiki/access.ts';
import { isPageFile } from '../../../src/wiki/name/page-path.ts';
import { commitFiles, newRepository } from '../../support/repository.ts';
import { csvOf, defaultPipeline, tableOf } from '../engine/engine-run.ts';
import { smallEnvironment, smallJob, smallJobs, smallRows } from './small-import.ts';

const ROWS = [
  { path: 'secret/plan', content: 'attack at dawn' },
  { path: 'secret/none', content: 'x' },
  { path: 'open', content: 'y' },
];
const BESIDE: Permits = { all: false, may: (_right, path) => !path.startsWith('secret') };

/** What an import of the rows tells who may not see the secret pages. */
async function told(files: Record<string, string>, dryRun: boolean) {
  const repository = await newRepository({ isPage: isPageFile });
  const baseHead = await commitFiles(repository, files);
  const jobs = await smallJobs(repository, smallJob({ dryRun, existing: 'fail' }, { baseHead }));
  const source = await tableOf(csvOf(ROWS));
  const reading = { pipeline: defaultPipeline(), sources: [source.name], parts: async () => [{}] };
  const seen: Job['parts'][number]['counts'][] = [];
  const outcome = await runJob(
    {
      ...smallEnvironment(repository, jobs, []),
      engine: createEngine(),
      open: async () => ({ ...smallRows([]), source, ...reading }),
      accessOf: async () => () => BESIDE,
      onProgress: ({ parts }) => {
        seen.push(...parts.map(({ counts }) => counts));
      },
    },
    { id: 'a1', signal: new AbortController().signal },
  );
  if (outcome.kind !== 'ended') throw new Error(`it is ${outcome.kind}`);
  const { state, report, failures = [], error } = outcome.job;
  const { objects } = await repository.store.list(`job-files/${repository.uuid}/`);
  const sample = objects.find(({ key }) => key.endsWith('sample.json'));
  const found = sample && (await repository.store.get(sample.key));
  const text = found?.kind === 'found' ? found.bytes.toString() : undefined;
  return { state, report, error, failures, seen, sample: text };
}

test.each([true, false])('an import tells nothing of pages that are hidden, dry run: %s', async dryRun => {
  const without = await told({ 'other.md': 'z' }, dryRun);
  expect(without).toMatchObject({
    state: 'done',
    sample: dryRun ? expect.stringContaining('secret/plan') : undefined,
  });
  expect(await told({ 'other.md': 'z', 'secret/plan.md': 'attack at dawn' }, dryRun)).toEqual(without);
  expect(await told({ 'other.md': 'z', 'secret/plan.md': 'retreat' }, dryRun)).toEqual(without);
  const [folder, file] = [{ 'secret/plan.md/x.md': 'y' }, { secret: 'a file' }];
  for (const inTheWay of [folder, file])
    expect(await told({ 'other.md': 'z', ...inTheWay }, dryRun)).toEqual(without);
});
