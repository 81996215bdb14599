import type { Audit } from '../auth/audit/audit.ts';
import type { PolicyAdministration } from '../auth/policy/administer.ts';
import type { Principal, Right } from '../auth/principal.ts';
import type { Tokens } from '../auth/token/tokens.ts';
import type { OwnAccount } from '../auth/user/own-account.ts';
import type { UserAdministration } from '../auth/user/user-administration.ts';
import type { KittiwakeError } from '../core/errors.ts';
import type { MetricValues } from '../core/metrics.ts';
import type { Drafts } from '../draft/drafts.ts';
import type { RankedAnswer } from '../projection/ranked/find-ranked.ts';
import type { RankedRequest } from '../projection/ranked/search-ranked.ts';
import type { Report, ReportName } from '../projection/report/make-report.ts';
import type { TenantAdmin } from '../tenant/tenant-admin.ts';
import type { Wiki } from '../wiki/wiki.ts';
import type { HttpRequest } from './message.ts';
import type { ProjectionServices } from './projection-services.ts';

/** One wiki as the application has it before it is known who asks. Given by the composition root. */
export interface Site {
  /**
   * Who asks. A promise where that has to be looked up: then what else the request will need is begun beside it.
   * @param beside gets what is begun and need not be waited for but by the answer; it never rejects
   * @throws KittiwakeError `auth_missing`, `auth_invalid`, `api_key_unset`, `token_of_other_wiki`, `rate_limited`, `keys_unavailable`
   */
  authenticate(
    request: HttpRequest,
    beside: (work: Promise<unknown>) => void,
  ): Principal | Promise<Principal>;
  /** Whether the right is open to anybody somewhere in the wiki. Asked often it asks the store once a second. */
  opens(right: Right): Promise<boolean>;
  /** The services as one caller may use them. */
  as(principal: Principal): Services;
  /**
   * Told that a request will need the wiki, before its body is read: what takes time may begin. Undefined when there is
   * nothing to begin; else resolves, and never rejects, when nothing of it is under way any more.
   */
  expect?(): Promise<unknown> | undefined;
}

/** A request, and the wiki that it is for. */
export interface Located {
  site: Site;
  /** As the wiki has it: what only told which wiki it is for is gone from its path. */
  request: HttpRequest;
  /** The wiki's name among others, for the log. Absent: there is one wiki, or the request is for the server itself. */
  name?: string;
  /**
   * To be called once the answer is known, with what refused the request: gives the wiki back. Resolves, and never rejects, when
   * nothing is under way any more that was begun to find it.
   */
  settle?(failure: KittiwakeError | undefined): Promise<void> | undefined;
}

/** What routes reach, each made on its first use, as one caller may use it. */
export interface Services {
  wiki(): Promise<Wiki>;
  search(): Promise<PageSearch>;
  /** Identity of the wiki, part of the scope of an Idempotency-Key. */
  wikiId(): Promise<string>;
  /** The wiki's policy as the caller may see and change it. */
  policy(): Promise<PolicyAdministration>;
  /** What the caller is writing. */
  drafts(): Promise<Drafts>;
  /** The caller's tokens; those of all for who administers the wiki. */
  tokens(): Promise<Tokens>;
  /** The users, for who administers the wiki. */
  users(): Promise<UserAdministration>;
  /** The caller, where it is a user. */
  account(): Promise<OwnAccount>;
  /** What was done by those who administer, for them. */
  audit(): Promise<Pick<Audit, 'list'>>;
  /** What follows from commits. */
  projections(): Promise<ProjectionServices>;
  /** The wikis of the server. @throws KittiwakeError `tenants_off` where there is one */
  tenants(): Promise<TenantAdmin>;
}

/** The search of contract section 10, and what else the index knows. */
export interface PageSearch {
  /**
   * Hits from `offset` on, best first; after everything that is committed has been taken in.
   * @throws KittiwakeError `query_required`, `query_too_long`, `search_busy`
   */
  search(query: string, range: { offset: number; limit: number }): Promise<SearchBody>;
  /**
   * Ranked, with the language of docs/search.md.
   * @throws KittiwakeError `query_invalid`, `query_required`, `query_too_long`, `cursor_invalid`, `search_busy`
   */
  ranked(request: RankedRequest): Promise<RankedAnswer>;
  /** What is to be tidied up. @throws KittiwakeError `search_busy` */
  report(name: ReportName): Promise<Report>;
}

export interface SearchBody {
  /** Without the white space around it. */
  query: string;
  results: {
    name: string;
    path: string;
    /** 0 to 1, two decimals. */
    score: number;
    snippet: string;
  }[];
  /** All hits, also those that are not in `results`. */
  total: number;
}

/** Times and counts for `Server-Timing`. */
export interface Meter {
  /** A point in time to give to {@link Meter.since}. */
  mark(): number;
  /** What was measured after `mark`. Names are tokens (RFC 9110). */
  since(mark: number): readonly Measurement[];
}

/** Counts what the store is asked in the course of a request. */
export interface StorageMeter {
  /** Runs the work of one request, which has this id; `used` tells what it has used up to now. */
  measure<T>(id: () => string, work: (used: () => StorageUse) => T): T;
}

/** Calls of the store in the course of one request, whether or not it was answered by then. */
export interface StorageUse {
  requests: number;
  /** The most of them that followed one another; those that ran side by side count once. */
  sequence: number;
  /** Connections that were made. */
  connects: number;
  /** Of bodies. */
  sentBytes: number;
  receivedBytes: number;
  /** How long at least one was under way. */
  busyMs: number;
  /** Of a request that was made for several writes at once, how many they were; 0: each was made for this one alone. */
  sharedBy: number;
  /** Swaps that found another version than they were made for. */
  conflicts: number;
  /** Attempts of swaps beyond the first. */
  retries: number;
  /** Swaps of which nobody knew at first whether they took effect. */
  unknowns: number;
  /** The most writes that went out in one swap, counted or not; 0: nothing was written. */
  group: number;
}

/** Makes metrics of what requests came to. */
export interface RequestMetrics {
  /** Fields for the one line of the log that tells of a request. To be called once for each. */
  fields(outcome: RequestOutcome): Readonly<Record<string, unknown>>;
}

export interface RequestOutcome {
  durationMs: number;
  /** It was not answered, or with a status of 500 or more. */
  isFailure: boolean;
  /** The caller could not be told whether the write took effect. */
  isUnknown: boolean;
  /** Undefined: not counted. */
  use: StorageUse | undefined;
  /** More of them, as their names are. */
  more?: MetricValues | undefined;
}

export interface Measurement {
  name: string;
  durationMs?: number;
  description?: string;
}
