import type { ObjectVersion } from './bucket.ts';
import type { Profile } from './profile.ts';
import { S3Error } from './s3-error.ts';

export interface ConditionRules {
  profile: Profile;
  /** Takes every condition on a write for fulfilled, as some servers do. */
  ignoresConditions: boolean;
  /** How often the loser of a race gets something else than 412. */
  raceProbability: number;
  random: () => number;
}

type Headers = Readonly<Record<string, string>>;

/**
 * Looks at If-Match and If-None-Match of a write that began at `startedMs` (`performance.now()`).
 * @throws S3Error when it may not happen
 */
export function checkWrite(
  rules: ConditionRules,
  headers: Headers,
  current: ObjectVersion | undefined,
  key: string,
  startedMs: number,
): void {
  const { 'if-match': ifMatch, 'if-none-match': ifNoneMatch } = headers;
  if (rules.ignoresConditions) return;
  if (ifNoneMatch !== undefined && ifNoneMatch !== '*') {
    throw new S3Error('NotImplemented', 'If-None-Match of a write takes * only', { Header: 'If-None-Match' });
  }
  if (ifNoneMatch === '*' && current !== undefined && !isCreatedOver(rules.profile, current)) {
    throw lost(rules, 'If-None-Match', current, startedMs);
  }
  if (ifMatch === undefined) return;
  if (current === undefined) throw absent(rules.profile, key);
  if (!matches(rules.profile, ifMatch, current.etag)) throw lost(rules, 'If-Match', current, startedMs);
}

/** @throws S3Error `PreconditionFailed` when If-Match of a DELETE does not hold */
export function checkDelete(
  rules: ConditionRules,
  headers: Headers,
  current: ObjectVersion | undefined,
): void {
  const ifMatch = headers['if-match'];
  if (ifMatch === undefined || rules.ignoresConditions || !rules.profile.hasAllConditions) return;
  if (current === undefined || !matches(rules.profile, ifMatch, current.etag)) throw failed('If-Match');
}

/**
 * Looks at the conditions of a read; ETags may be quoted or not on every server.
 * @returns true for 304
 * @throws S3Error `PreconditionFailed`
 */
export function isNotModified(profile: Profile, headers: Headers, current: ObjectVersion): boolean {
  const { 'if-match': ifMatch, 'if-none-match': ifNoneMatch } = headers;
  if (ifMatch !== undefined && !names(ifMatch, current.etag)) throw failed('If-Match');
  if (ifNoneMatch === '*') return profile.readsAsterisk;
  if (ifNoneMatch !== undefined) return names(ifNoneMatch, current.etag);
  const since = Date.parse(headers['if-modified-since'] ?? '');
  return !Number.isNaN(since) && current.modifiedMs < since + 1000;
}

function matches(profile: Profile, ifMatch: string, etag: string): boolean {
  return profile.matchesQuoted ? names(ifMatch, etag) : ifMatch === '*' || ifMatch.startsWith(etag);
}

function names(list: string, etag: string): boolean {
  const wanted = list.split(',').map(each => each.trim().replace(/^"(.*)"$/, '$1'));
  return wanted.includes('*') || wanted.includes(etag);
}

function isCreatedOver({ createsOverVersions }: Profile, { versionId }: ObjectVersion): boolean {
  return createsOverVersions && versionId !== 'null';
}

function absent(profile: Profile, key: string): S3Error {
  if (profile.absentOnIfMatch === 'PreconditionFailed') return failed('If-Match');
  return new S3Error('NoSuchKey', 'The specified key does not exist.', { Key: key });
}

/** The object was written by another one while this write was under way: then it is a race. */
function lost(rules: ConditionRules, condition: string, current: ObjectVersion, startedMs: number): S3Error {
  if (current.writtenMs < startedMs || rules.random() >= rules.raceProbability) return failed(condition);
  return new S3Error(rules.profile.raceLost, 'A conflicting operation occurred', { Condition: condition });
}

function failed(condition: string): S3Error {
  return new S3Error('PreconditionFailed', 'At least one of the pre-conditions you specified did not hold', {
    Condition: condition,
  });
}
