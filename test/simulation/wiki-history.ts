import { inflateSync } from 'node:zlib';
import type { Ledger } from '../../src/git/ledger/ledger.ts';
import { headOf, ledgerFormat, ledgerKey, MAIN_REF } from '../../src/git/ledger/ledger.ts';
import type { Cloud } from './cloud.ts';

/** A file as a commit left it, and the newest commit that touched it. */
export interface FileState {
  oid: string;
  commit: string;
}

export type State = ReadonlyMap<string, FileState>;

export interface LandedCommit {
  oid: string;
  message: string;
  atMs: number;
  files: readonly { path: string; oid: string | null }[];
  before: State;
  after: State;
}

/** The one true history of a run. */
export interface WikiHistory {
  commits: readonly LandedCommit[];
  /** Texts by blob id, of all blobs that a journal held. */
  texts: ReadonlyMap<string, string>;
}

const EMPTY: State = new Map();

/** Follows the ledger's versions as they landed; each must extend the one before. */
export function replayHistory(cloud: Cloud, uuid: string, found: string[]): WikiHistory {
  const commits: LandedCommit[] = [];
  const texts = new Map<string, string>();
  let seq: number | undefined;
  for (const { key, bytes, atMs } of cloud.landings) {
    if (key !== ledgerKey(uuid)) continue;
    const ledger = ledgerFormat.decode(bytes);
    if (seq !== undefined && ledger.stamp.seq !== seq + 1)
      found.push(`version ${ledger.stamp.seq} follows ${seq}`);
    seq = ledger.stamp.seq;
    extend(commits, ledger, atMs, found);
    for (const blob of ledger.journal.blobs()) {
      if (blob.encoding === 'pack' || texts.has(blob.oid)) continue;
      const content = blob.encoding === 'zlib' ? inflateSync(blob.bytes) : blob.bytes;
      texts.set(blob.oid, content.toString());
    }
  }
  return { commits, texts };
}

function extend(commits: LandedCommit[], ledger: Ledger, atMs: number, found: string[]): void {
  for (const { ordinal, entry, commit } of ledger.journal.commits()) {
    const known = commits[ordinal];
    if (known !== undefined) {
      if (known.oid !== entry.oid) found.push(`place ${ordinal} held ${known.oid}, then ${entry.oid}`);
      continue;
    }
    const last = commits.at(-1);
    if (ordinal !== commits.length)
      found.push(`commit ${entry.oid} has place ${ordinal} of ${commits.length}`);
    if (commit.parents.length > 1 || commit.parents[0] !== last?.oid)
      found.push(`commit ${entry.oid} follows ${commit.parents}, the head was ${last?.oid}`);
    const before = last?.after ?? EMPTY;
    commits.push({
      oid: entry.oid,
      message: commit.message.trim(),
      atMs,
      files: entry.files,
      before,
      after: after(before, entry),
    });
  }
  const { oid, ordinal } = headOf(ledger);
  if (ordinal !== commits.length - 1 || oid !== commits.at(-1)?.oid || oid !== ledger.refs[MAIN_REF])
    found.push(`the head went back to ${ordinal} of ${commits.length} commits`);
}

function after(before: State, entry: { oid: string; files: LandedCommit['files'] }): State {
  const state = new Map(before);
  for (const { path, oid } of entry.files) {
    if (oid === null) state.delete(path);
    else state.set(path, { oid, commit: entry.oid });
  }
  return state;
}

/** True when `test` held in a state that was current at some moment between. */
export function sometime(
  { commits }: WikiHistory,
  [fromMs, toMs]: readonly [number, number],
  test: (state: State, ordinal: number) => boolean,
): boolean {
  for (let at = -1; at < commits.length; at += 1) {
    const sinceMs = commits[at]?.atMs ?? Number.NEGATIVE_INFINITY;
    const untilMs = commits[at + 1]?.atMs ?? Number.POSITIVE_INFINITY;
    if (sinceMs <= toMs && fromMs <= untilMs && test(commits[at]?.after ?? EMPTY, at)) return true;
  }
  return false;
}
