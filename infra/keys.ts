/**
 * Where things lie in the bucket of a wiki, as patterns for permissions. `*` stands for anything.
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
    drafts: `drafts/${uuid}/*`,
    /** Users and the audit log. */
    state: `state/${uuid}`,
    imports: 'imports/*',
    importResults: 'imports/*.result.json',
  } as const;
}

export type WikiKeys = ReturnType<typeof keysOf>;

/**
 * What is changed by compare-and-swap only: the bucket refuses unconditional writes of it, whoever sends them.
 */
export const SWAPPED = ['ledger/*', 'wikis/*', 'auth/*', 'drafts/*', 'search/*/current', 'state/*'] as const;
