/** A change by somebody who administers: who did what to whom. Holds no secret and no content. */
export interface AuditEvent {
  /** Id of the principal: `user:3f2a…`, `token:9c1e…`, `api-key`, `command-line`. */
  actor: string;
  /** What was done, thing first: `token.create`, `policy.change`, `user.delete`, `tenant.suspend`. */
  action: string;
  /** What it was done to: `user:3f2a…`, `rule:docs/intro`, `wiki:name`. */
  subject: string;
  /** What else is worth knowing, as JSON; at most 4 kB of it are kept. Default: nothing. */
  detail?: Readonly<Record<string, unknown>>;
}

/**
 * `begun`: under way, or its process ended before it could tell; `done`; `failed`: refused or broken, nothing was changed; `unknown`:
 * nobody could be told whether the change was made.
 */
export const AUDIT_OUTCOMES = ['begun', 'done', 'failed', 'unknown'] as const;

export type AuditOutcome = (typeof AUDIT_OUTCOMES)[number];

export interface AuditEntry extends Required<AuditEvent> {
  id: string;
  atMs: number;
  outcome: AuditOutcome;
  /** Of the error that `failed` and `unknown` came from. */
  code?: string;
  /** When the outcome was known. Absent: it is not. */
  endedMs?: number;
}

export interface AuditQuery {
  /** Exactly this one. */
  actor?: string | undefined;
  /** Exactly this one, or all of a thing: `user.` */
  action?: string | undefined;
  /** Where the list before this one ended. */
  cursor?: string | undefined;
  /** Default and most: 200. */
  limit?: number | undefined;
}

/** The log of what was done by those who administer, one for each state database. */
export interface Audit {
  /**
   * Does what is outside of the database: the entry is written before, its outcome after. Where the entry cannot be written
   * nothing is done; where the outcome cannot, the entry stays `begun`, and the effect's result is given all the same.
   * @throws what `effect` throws; those of the database, and then `effect` was not called
   */
  record<R>(event: AuditEvent, effect: () => Promise<R>): Promise<R>;

  /**
   * Newest first.
   * @throws KittiwakeError `cursor_invalid`; those of the database
   */
  list(query: AuditQuery): Promise<{ entries: AuditEntry[]; nextCursor?: string }>;
}
