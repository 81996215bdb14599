import { Duration } from 'aws-cdk-lib';
import type { LifecycleRule } from 'aws-cdk-lib/aws-s3';

const days = (count: number): Duration => Duration.days(count);

/**
 * What the bucket drops by itself. With versioning, what is replaced or deleted stays as a noncurrent version and is paid
 * for. Days are counted to the following midnight UTC, so that each is one at the least.
 */
export const LIFECYCLE: LifecycleRule[] = [
  // A ledger is replaced by every write: any older state of the last day can be restored, and the newest hundred always.
  keepOld('ledgers', 'ledger/', 1, 100),
  // What an older ledger lists must be there to restore it: a week longer than that ledger stays.
  keepOld('packs', 'packs/', 8),
  keepOld('states', 'state/', 1, 100),
  keepOld('search-indexes', 'search/', 1),
  keepOld('names', 'wikis/', 365),
  keepOld('tokens', 'auth/', 30),
  keepOld('token-notes', 'tokens/', 1),
  keepOld('drafts', 'drafts/', 7),
  keepOld('jobs', 'jobs/', 7),
  // Those of jobs are removed by upkeep some days after the job's end; how many, the wiki says.
  keepOld('job-files', 'job-files/', 1),
  // Whoever is woken removes them. One that is left was replaced, or is of a job that has ended.
  { ...keepOld('wakes', 'wakes/', 1), expiration: days(1) },
  keepOld('site', 'site/', 7),
  keepOld('projections', 'projections/', 7),
  keepOld('outbox', 'outbox/', 1),
  keepOld('rendered', 'render/', 1),
  // Upkeep removes them after 25 hours and two days. Each is so much older when these rules come to it.
  { ...keepOld('uploads', 'uploads/', 1), expiration: days(3) },
  { ...keepOld('copies', 'raw/', 1), expiration: days(4) },
  // What was imported is in the wiki.
  { ...keepOld('imports', 'imports/', 1), expiration: days(30) },
  // Each deployment tries with such an object whether the bucket heeds conditions.
  keepOld('probes', '~probe-', 1),
  { id: 'unfinished-uploads', abortIncompleteMultipartUploadAfter: days(2), expiredObjectDeleteMarker: true },
];

function keepOld(id: string, prefix: string, keptDays: number, newest?: number): LifecycleRule {
  return {
    id,
    prefix,
    noncurrentVersionExpiration: days(keptDays),
    ...(newest === undefined ? {} : { noncurrentVersionsToRetain: newest }),
  };
}
