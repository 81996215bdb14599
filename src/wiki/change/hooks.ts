/** A change that a write is about to commit, one file at a time. */
export interface ProposedChange {
  /** Of the repository: `docs/intro.md`. */
  path: string;
  action: 'create' | 'update' | 'delete';
  /** The new text of a page; undefined for a deletion, and for what is no page. */
  content: string | undefined;
}

export interface ProposedWrite {
  changes: readonly ProposedChange[];
  message: string;
  author: { name: string; email: string };
}

/**
 * Asked about each write before it is committed, and again for every attempt, also those that lose to another writer: it must
 * decide from what it is given and do nothing else.
 */
export interface WriteHooks {
  /**
   * Throws a KittiwakeError to refuse. What it returns replaces the texts of those pages and the message; undefined leaves
   * everything as it is.
   */
  beforeWrite(
    write: ProposedWrite,
  ): Promise<{ contents?: ReadonlyMap<string, string>; message?: string } | undefined>;
}
