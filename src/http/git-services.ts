import type { KittiwakeError } from '../core/errors.ts';
import type { ProjectionConfig } from '../core/projection-config.ts';
import type { LedgerRepository } from '../git/open.ts';
import type { Access } from '../wiki/access.ts';
import type { LandingRules } from '../wiki/landing/landing-rules.ts';

/** What git's own clients reach of a wiki. Nothing of it is checked yet: each operation asks what the caller may do. */
export interface GitServices {
  /** Name or uuid of the wiki, as it is configured. */
  readonly wiki: string;
  /** All of it, hidden pages included. */
  readonly repository: LedgerRepository;
  /** What this caller may do in one version. */
  readonly access: Access;
  readonly settings: Pick<ProjectionConfig, 'gitServer' | 'gitRefs' | 'gitMaxPushBytes'>;
  /** What holds for what is pushed, whoever pushes it. */
  readonly rules: Omit<LandingRules, 'access'>;
  /** A folder of this machine for packs that come in. */
  readonly scratch: string;
  /** False when the caller may write nowhere in the wiki, by the policy of one version. */
  mayWrite(policy: unknown): boolean;
  /** Notes what was pushed. */
  pushed(counts: { commits: number; refs: number; bytes: number }): void;
  /** Notes what was refused within an answer that is no failure of HTTP. */
  refused(operation: 'fetch' | 'push', error: KittiwakeError): void;
}
