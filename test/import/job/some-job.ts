import type { Job } from '../../../src/import/job/job.ts';
import type { NewJob } from '../../../src/import/job/jobs.ts';

/** What a job of this caller begins with: a small table, to be uploaded. */
export function someJob(principal = 'user:1', change: Partial<NewJob> = {}): NewJob {
  return {
    state: 'awaiting_upload',
    principal: { id: principal, standing: 'registered', grants: [], names: [] },
    source: { kind: 'stored', key: 'job-files/w/1/source', name: 'pages.csv', bytes: 10 },
    options: { existing: 'skip', onError: 'skip', dryRun: false },
    ...change,
  };
}

/** The job, ended. */
export function done(job: Job): Job {
  return { ...job, state: 'done', endedMs: job.createdMs };
}
