/**
 * Where things lie in the bucket of a wiki, as patterns for permissions. `*` stands for anything; as the uuid, for all wikis of the
 * bucket, and what is the server's own.
 */
export function keysOf(uuid: string) {
  return {
    ledger: `ledger/${uuid}`,
    packs: `packs/${uuid}/*`,
    /** Copies of blobs, made to be downloaded by presigned URLs. */
    raw: `raw/${uuid}/*`,
    /** What clients put there by presigned URLs. */
    uploads: `uploads/${uuid}/*`,
    search: `search/${uuid}/*`,
    /** Under the hash of what a caller sends, whichever wiki it is for. */
    auth: 'auth/*',
    tokens: `tokens/${uuid}/*`,
    /** Those for all wikis. */
    sharedTokens: 'tokens/all/*',
    drafts: `drafts/${uuid}/*`,
    /** Users and the audit log. */
    state: `state/${uuid}`,
    /** Cursors of what follows from commits, and webhooks. */
    projections: `projections/${uuid}/*`,
    /** Mails and calls of webhooks that wait. */
    outbox: `outbox/${uuid}/*`,
    site: `site/${uuid}/*`,
    /** Under the hash of the text, whichever wiki it is of. */
    render: 'render/*',
    /** Imports, each a document, and what they read and leave: sources, runs, failures. */
    jobs: `jobs/${uuid}/*`,
    jobFiles: `job-files/${uuid}/*`,
    /** Say that there is something to do for an import. */
    wakes: `wakes/${uuid}/*`,
    imports: 'imports/*',
    importResults: 'imports/*.result.json',
    /** Which wiki a name stands for. */
    names: 'wikis/*',
  } as const;
}

export type WikiKeys = ReturnType<typeof keysOf>;

/**
 * What is changed by compare-and-swap only: the bucket refuses unconditional writes of it, whoever sends them.
 */
export const SWAPPED = [
  'ledger/*',
  'wikis/*',
  'auth/*',
  'drafts/*',
  'search/*/current',
  'state/*',
  'projections/*',
  'outbox/*',
  'jobs/*',
  'job-files/*/index',
] as const;
