import type { Audience } from '../../core/access-settings.ts';
import type { Right } from '../principal.ts';

/**
 * What a wiki's administrators have laid down. It lies in the wiki's ledger, so that whoever reads a page or formats a
 * commit has it at hand, no database is asked, and a change of it is one swap with what is written: a write that was
 * allowed by a rule which is no more does not land.
 */
export interface Policy {
  /** Rises by one with each change; 0: never set. */
  revision: number;
  /** Whom the areas are open to. Absent ones: as configured. */
  access: { readonly [A in Area]?: Audience };
  /** By path; the longest that covers a page counts, for each right by itself. */
  rules: readonly Rule[];
  /** Set by operators only. Absent ones: as configured. */
  limits: Limits;
  /** Settings of the wiki that concern writing. Absent ones: as configured. */
  preferences: Preferences;
}

/** READ_ACCESS, WRITE_ACCESS and ATTACHMENT_ACCESS. */
export type Area = 'read' | 'write' | 'attachment';

/** Most of what a wiki may hold; 0: no limit. */
export interface Limits {
  pages?: number;
  /** Of the store, history included. */
  bytes?: number;
}

export interface Preferences {
  commitMessage?: 'REQUIRED' | 'OPTIONAL' | 'DISABLED';
  defaultCommitMessage?: string;
  homePage?: string;
}

/**
 * Who may do what at a page and everything below it: its sub-pages and attachments. Each right that is named replaces what
 * holds above; one that is absent stays as it is there.
 */
export type Rule = {
  /** Page path without `.md`, normalised as the wiki's file names are; `''` is the whole wiki. */
  readonly path: string;
} & { readonly [R in Right]?: readonly Subject[] };

/**
 * Whom a rule means: an {@link Audience}, or a name of a principal: `user:<e-mail>`, `group:<name>`, `token:<id>`. An empty list:
 * nobody but administrators.
 */
export type Subject = string;

/** Nothing was ever set. */
export const EMPTY_POLICY: Policy = { revision: 0, access: {}, rules: [], limits: {}, preferences: {} };
