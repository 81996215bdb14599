import type { KittiwakeError } from '../../core/errors.ts';
import type { BulkCommit, BulkResult } from '../../git/bulk/bulk.ts';
import type { LedgerRepository } from '../../git/open.ts';
import type { DocumentChange } from '../../swap/document.ts';
import type { Access } from '../../wiki/access.ts';
import type { RunEngine } from '../engine/engine.ts';
import type { ImportProgress, ImportReport } from '../import-report.ts';
import type { RowPipeline } from '../pipeline/row-pipeline.ts';
import type { RowSource } from '../source.ts';
import type { Job, JobPrincipal } from './job.ts';
import type { PlannedPart } from './run-changes.ts';

/** What a runner needs of the jobs of a wiki. */
export interface ChangeableJobs {
  /** @throws KittiwakeError of an absent job */
  change<R extends NonNullable<unknown> | null>(
    id: string,
    change: (job: Job) => DocumentChange<Job, R>,
  ): Promise<R>;
}

/** Rows, and how they become files. */
export interface OpenRows {
  kind: 'rows';
  source: RowSource;
  pipeline: RowPipeline;
  /** Names of all sources, by their number in runs. */
  sources: readonly string[];
  /** Lines on what the source holds and the import leaves out. */
  left: readonly string[];
  /** Ranges that may be read apart, at most so many; one that is all of it where it cannot be parted. */
  parts(most: number): Promise<readonly PlannedPart[]>;
  close(): Promise<void>;
}

/** A git repository, whose commits are taken as they are. */
export interface OpenHistory {
  kind: 'history';
  bytesTotal: number;
  bringIn(options: { progress: ImportProgress; signal: AbortSignal }): Promise<ImportReport>;
  close(): Promise<void>;
}

/** A push that was sent ahead; it lands as one does that git itself sends. */
export interface OpenPush {
  kind: 'push';
  bytesTotal: number;
  /** Repeating what has landed changes nothing. */
  land(signal: AbortSignal): Promise<LandedPush>;
  close(): Promise<void>;
}

/** What became of a push: all of it was taken, or nothing. */
export interface LandedPush {
  /** Why it was not, and how it is told. */
  refusal?: { error: KittiwakeError; said: string } | undefined;
  /** What the main line has become. */
  head?: string | undefined;
}

export type OpenJob = OpenRows | OpenHistory | OpenPush;

/** How one worker carries jobs out. */
export interface RunEnvironment {
  jobs: ChangeableJobs;
  repository: LedgerRepository;
  /**
   * What may be done in the name of who made the job, as of now.
   * @throws KittiwakeError when its token has ended
   */
  accessOf(principal: JobPrincipal): Promise<Access>;
  /** Opens the source, and compiles the pipeline. @throws KittiwakeError as of sources and pipelines */
  open(job: Job, signal: AbortSignal): Promise<OpenJob>;
  /** Asked once, before the first row. @throws KittiwakeError to refuse */
  admit?(job: Job): Promise<void>;
  engine: RunEngine;
  commit(options: BulkCommit): Promise<BulkResult>;
  /** A folder of this machine, for files that are needed while a commit is made. */
  scratch: string;
  /** Whom commits name where neither the job nor its principal does. */
  author: { name: string; email: string };
  /** What its workers are called, in front of what is random. */
  worker?: string;
  /** How many threads beside this one. Default 0. */
  threads?: number;
  /** Bytes of contents of one batch. Default: the engine's. */
  batchBytes?: number;
  /** Into how many parts a source is cut at most. Default 1. */
  parts?: number;
  /** How long after its start a job that has not ended is given up. Default: never. */
  timeoutMs?: number;
  /** How long nobody else takes over after the last sign of life. Default 30 s. */
  leaseMs?: number;
  /** Told after each change of the job, and of how far a commit is. */
  onProgress?(job: Job, committing?: { done: number; total: number }): void;
}

/** How a run ended. */
export type RunOutcome =
  | { kind: 'ended'; job: Job }
  /** Its time is over, or it was stopped: it goes on from the last checkpoint. */
  | { kind: 'more' }
  /** Others have all that there is; it may be asked again then, in runtime milliseconds. */
  | { kind: 'waiting'; untilMs: number };
