import type { Principal } from '../auth/principal.ts';
import type { KittiwakeError } from '../core/errors.ts';
import type { Services } from '../http/services.ts';

/** Whoever talks to the server: all that a tool may reach. */
export interface Session {
  readonly services: Services;
  readonly principal: Principal;
  /** True: nothing that changes the wiki is offered, whatever the caller may do. Default false. */
  readonly isReadOnly?: boolean;
  /** When the caller stops waiting for what is asked now, in runtime milliseconds. */
  readonly deadlineMs?: number | undefined;
  /** Counts a write before it is carried out. Absent: they are not limited. @throws KittiwakeError `rate_limited` */
  countWrite?(): void;
  /** Takes what went wrong inside, which the caller is not told. Returns the id by which it is found in the log. */
  report(failure: unknown): string;
  /** Told what the caller was not allowed. Absent: nobody wants to know. */
  denied?(error: KittiwakeError, operation: string): void;
}
