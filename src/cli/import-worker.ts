import { hostname } from 'node:os';
import type { Jobs } from '../import/job/jobs.ts';
import { released } from '../import/job/run-changes.ts';

/** What the workers of this process are called, in front of what is random. */
export function ownWorker(): string {
  return `${hostname()}:${process.pid}:`;
}

/**
 * Frees what processes of this machine held that are not there any more: nobody need wait for their leases. One that was taken for
 * gone by mistake, as its number is another's now, does no harm either way.
 */
export async function freeLeases(jobs: Jobs, id: string): Promise<void> {
  await jobs.change(id, job => {
    const leases = [job.lease, ...job.parts.map(part => part.lease)];
    const workers = new Set(leases.flatMap(lease => (lease === undefined ? [] : [lease.worker])));
    const gone = [...workers].filter(isGone);
    if (gone.length === 0) return { result: true };
    return { body: gone.reduce(released, job), result: true };
  });
}

function isGone(worker: string): boolean {
  const [host, pid] = worker.split(':');
  if (host !== hostname() || pid === undefined || Number(pid) === process.pid) return false;
  try {
    process.kill(Number(pid), 0);
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ESRCH';
  }
}
