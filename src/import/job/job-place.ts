/** Where the jobs of a wiki lie, and all that belongs to them. */

export function jobsPrefix(uuid: string): string {
  return `jobs/${uuid}/`;
}

/** Below it lie the files of all jobs of a wiki. */
export function jobFilesPrefix(uuid: string): string {
  return `job-files/${uuid}/`;
}

/** Jobs that may not have ended, and when jobs were started. */
export function jobIndexKey(uuid: string): string {
  return `${jobFilesPrefix(uuid)}index`;
}

/** Below it lie the ids of jobs that were made under an Idempotency-Key. */
export function jobRequestsPrefix(uuid: string): string {
  return `${jobFilesPrefix(uuid)}requests/`;
}
