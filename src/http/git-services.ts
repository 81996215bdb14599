import type { KittiwakeError } from '../core/errors.ts';
import type { ProjectionConfig } from '../core/projection-config.ts';
import type { LedgerRepository } from '../git/open.ts';
import type { Access } from '../wiki/access.ts';

/** What git's own clients reach of a wiki. Nothing of it is checked yet: each operation asks what the caller may do. */
export interface GitServices {
  /** Name or uuid of the wiki, as it is configured. */
  readonly wiki: string;
  /** All of it, hidden pages included. */
  readonly repository: LedgerRepository;
  /** What this caller may do in one version. */
  readonly access: Access;
  readonly settings: Pick<ProjectionConfig, 'gitServer' | 'gitRefs' | 'gitMaxPushBytes'>;
  /** Notes what was refused within an answer that is no failure of HTTP. */
  refused(operation: 'fetch' | 'push', error: KittiwakeError): void;
}
