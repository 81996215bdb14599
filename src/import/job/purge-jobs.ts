import type { Runtime } from '../../core/runtime.ts';
import type { ByteStore } from '../../storage/byte-store.ts';
import { importPurged } from './errors.ts';
import type { Job } from './job.ts';
import { jobFilesPrefix, jobsPrefix } from './job-place.ts';
import { openJobs, removeAll } from './jobs.ts';
import { failed } from './run-changes.ts';
import { isEnded } from './run-steps.ts';
import { openUploads } from './uploads.ts';

export interface PurgedPlace {
  store: ByteStore;
  /** Of the wiki. */
  uuid: string;
  runtime: Runtime;
}

/**
 * Ends the imports of a wiki that have not ended: what they read may hold what is to be taken out, and would bring it in again. Whoever
 * works on one finds out before its commit lands.
 * @returns how many
 */
export async function endImports({ store, uuid, runtime }: PurgedPlace): Promise<number> {
  const jobs = openJobs({ store, uuid, runtime });
  const uploads = openUploads({ store, uuid, runtime, jobs, chunkBytes: 1 });
  let count = 0;
  for (const { id } of await jobs.unfinished()) {
    const job = await jobs.change<Job>(id, current => {
      if (isEnded(current)) return { result: current };
      const body = failed(current, importPurged(), runtime.now());
      return { body, result: body };
    });
    await uploads.discard(job);
    count += 1;
  }
  return count;
}

/**
 * Deletes all that imports keep, sources, samples and failures, and the imports themselves.
 * @returns the prefixes below which it was
 */
export async function eraseImports(place: PurgedPlace): Promise<readonly string[]> {
  const { store, uuid } = place;
  await endImports(place);
  const prefixes = [jobsPrefix(uuid), jobFilesPrefix(uuid)];
  for (const prefix of prefixes) await removeAll(store, prefix);
  return prefixes;
}
