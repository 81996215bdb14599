import type { LedgerRepository } from '../../git/open.ts';
import type { Job } from './job.ts';
import { openJobs } from './jobs.ts';

/** Packs that imports have stored and not committed yet: no ledger lists them, and a collection must leave them alone. */
export async function packsOfJobs(repository: LedgerRepository): Promise<ReadonlySet<string>> {
  const unfinished = await openJobs(repository).unfinished();
  return new Set(unfinished.flatMap(packsOf));
}

function packsOf({ parts }: Job): string[] {
  const runs = parts.flatMap(part => part.runs);
  const packs = runs.flatMap(({ pack, large = [] }) => (pack === undefined ? large : [pack, ...large]));
  return packs.map(({ name }) => name);
}
