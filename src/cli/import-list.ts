import type { Job } from '../import/job/job.ts';
import { runJob } from '../import/job/run-job.ts';
import { waitingFiles } from '../import/job/run-steps.ts';
import type { Command } from './command.ts';
import { openRuns } from './import-job.ts';
import { printOutcome } from './import-outcome.ts';
import { megabytes } from './import-progress.ts';
import { freeLeases } from './import-worker.ts';
import { withService } from './open-service.ts';

export const importList: Command = {
  name: 'import list',
  operands: [],
  summary: 'Lists imports, the newest first',
  flags: [],
  async run(call) {
    return await withService(call, async service => {
      const { jobs } = await openRuns(service, call, 0);
      const page = await jobs.list();
      for (const job of page.jobs) call.terminal.out(lineOf(job));
      if (page.jobs.length === 0) call.terminal.out('There are no imports');
      if (page.next !== undefined) call.terminal.say('There are older ones');
      return 0;
    });
  },
};

export const importStatus: Command = {
  name: 'import status',
  operands: ['<id>'],
  summary: 'Shows how far an import is, or what it came to',
  flags: [],
  async run(call) {
    return await withService(call, async service => {
      const { jobs, environment } = await openRuns(service, call, 0);
      const job = await jobs.read(call.operands[0] ?? '');
      call.terminal.out(lineOf(job));
      const { head } = await environment.repository.view({ maxAgeMs: 0 });
      if (job.endedMs === undefined) call.terminal.out(`${waitingFiles(job)} files wait to be committed`);
      else printOutcome(job, head, job.endedMs - (job.startedMs ?? job.endedMs), call.terminal);
      return 0;
    });
  },
};

export const importCancel: Command = {
  name: 'import cancel',
  operands: ['<id>'],
  summary: 'Ends an import: what it has not committed is dropped',
  flags: [],
  async run(call) {
    return await withService(call, async service => {
      const { jobs, environment } = await openRuns(service, call, 0);
      const id = call.operands[0] ?? '';
      await jobs.cancel(id);
      await freeLeases(jobs, id);
      const outcome = await runJob(environment, { id, signal: call.signal });
      const isOver = outcome.kind === 'ended';
      const state = isOver ? outcome.job.state : 'being ended by who works on it';
      call.terminal.out(`The import ${id} is ${state}`);
      return 0;
    });
  },
};

/** `3f… running 42 % of 1000.0 MB data.csv` */
function lineOf(job: Job): string {
  const total = job.bytesTotal ?? ('bytes' in job.source ? job.source.bytes : 0);
  const read = job.parts.reduce((sum, { bytesRead }) => sum + bytesRead, 0);
  const percent = total > 0 && job.endedMs === undefined ? ` ${Math.floor((read / total) * 100)} % of` : '';
  const made = new Date(job.createdMs).toISOString();
  return `${job.id} ${made} ${job.state}${percent} ${megabytes(total)} MB ${job.source.name}`;
}
