import type { KittiwakeError } from '../../core/errors.ts';
import type { FileInfo, View } from '../../git/repository.ts';
import {
  preconditionFailed,
  revisionMismatch,
  revisionPurged,
  revisionRequired,
  revisionShort,
} from '../errors.ts';
import { matchesBlob } from '../etag.ts';

const MIN_LOCK_LENGTH = 7;
const FULL_LENGTH = 40;

/**
 * The commit that a reader's `?revision=` names: `HEAD`, or 4 to 64 hex digits of any case. Undefined for everything
 * else, for what no reachable commit begins with, and for what several do.
 */
export async function findCommit(view: View, revision: string): Promise<string | undefined> {
  if (revision === 'HEAD') return view.head;
  if (!/^[0-9a-f]{4,64}$/i.test(revision) || revision.length > FULL_LENGTH) return undefined;
  const found = await view.resolve(revision.toLowerCase());
  return found.length === 1 ? found[0] : undefined;
}

/**
 * Says of a revision that {@link findCommit} does not find why that is.
 * @returns `revision_purged`, or else `otherwise`
 */
export async function lackOf(
  view: View,
  revision: string,
  otherwise: KittiwakeError,
): Promise<KittiwakeError> {
  const isRevision = /^[0-9a-f]{4,40}$/i.test(revision);
  return isRevision && (await view.isPurged(revision.toLowerCase())) ? revisionPurged(revision) : otherwise;
}

/** Refuses a lock that is too short to mean anything. @throws KittiwakeError `revision_short` */
export function checkLockLength(revision: string): void {
  if (revision.length < MIN_LOCK_LENGTH) throw revisionShort();
}

/**
 * True when a file is as the caller has read it at `revision`: its newest commit starts with it (case-sensitive), or
 * it is, in full, a commit of the first-parent line after which nothing touched the file. Equal text alone proves
 * nothing.
 */
export async function isCurrent(
  view: View,
  file: Pick<FileInfo, 'commit' | 'ordinal'>,
  revision: string,
): Promise<boolean> {
  if (file.commit.startsWith(revision)) return true;
  if (!/^[0-9a-f]{40}$/.test(revision) || file.ordinal < 0) return false;
  const commit = await view.commit(revision);
  if (commit === undefined || commit.ordinal < file.ordinal) return false;
  return commit.ordinal <= view.ordinal;
}

export interface LockHeaders {
  revision?: string | undefined;
  ifMatch?: string | undefined;
  ifNoneMatch?: string | undefined;
}

/**
 * Checks the conditions of a write on an existing file.
 * @param required whether the caller must name a revision (or send If-Match)
 * @throws KittiwakeError `precondition_failed`, `revision_required`, `revision_short`, `revision_mismatch`
 */
export async function checkLock(
  view: View,
  file: Pick<FileInfo, 'oid' | 'commit' | 'ordinal'>,
  lock: LockHeaders,
  required: boolean,
): Promise<void> {
  checkIfNoneMatch(file.oid, lock, file.commit);
  if (lock.ifMatch !== undefined && !matchesBlob(lock.ifMatch, file.oid)) {
    throw preconditionFailed('If-Match failed: the content is another one', file.commit);
  }
  const revision = lock.revision ?? '';
  if (revision === '') {
    if (required && lock.ifMatch === undefined) throw revisionRequired();
    return;
  }
  checkLockLength(revision);
  if (!(await isCurrent(view, file, revision))) throw revisionMismatch(file.commit);
}

/** Checks the conditions of a write on a file that is not there. @throws KittiwakeError `precondition_failed` */
export function checkAbsentLock(lock: LockHeaders): void {
  if (lock.ifMatch !== undefined) throw preconditionFailed('If-Match failed: there is no such page');
}

function checkIfNoneMatch(blob: string, lock: LockHeaders, commit: string): void {
  if (lock.ifNoneMatch !== undefined && matchesBlob(lock.ifNoneMatch, blob)) {
    throw preconditionFailed('If-None-Match failed: it exists already', commit);
  }
}
