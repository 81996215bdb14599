import { documentFormat } from '../../swap/document.ts';
import { jobUnreadable } from './errors.ts';
import type { Job, JobPart, JobPrincipal, JobSource, Lease } from './job.ts';

/** How a job lies in the store: a document `jobs/<wiki uuid>/<id>`. */
export const JOB_FORMAT = documentFormat('import 1', parseJob);

const STATES = ['awaiting_upload', 'queued', 'running', 'committing', 'done', 'failed', 'cancelled'];
const EXISTING = ['skip', 'overwrite', 'merge', 'fail'];
const COUNTS = ['rows', 'pages', 'attachments', 'unchanged', 'filtered', 'failed', 'contentBytes'] as const;

type Fields<T> = { readonly [K in keyof T]?: unknown };

/** @throws KittiwakeError `object_unreadable` */
export function parseJob(body: unknown): Job {
  const job = fieldsOf<Job>(body);
  const { id, state, createdMs, principal, source, options, parts, commits, lease } = job;
  hold(typeof id === 'string' && /^[0-9a-f]{32}$/.test(id), 'id');
  hold(STATES.includes(state as string), 'state');
  hold(isCount(createdMs), 'createdMs');
  hold(isPrincipal(principal), 'principal');
  hold(isSource(source), 'source');
  hold(isOptions(options), 'options');
  hold(Array.isArray(parts) && parts.every(isPart), 'parts');
  hold(isTexts(commits), 'commits');
  hold(lease === undefined || isLease(lease), 'lease');
  hold(
    areOptional(job, isCount, ['startedMs', 'endedMs', 'bytesTotal', 'collections', 'attempts']),
    'numbers',
  );
  hold(areOptional(job, Array.isArray, ['failures']), 'failures');
  hold(areOptional(job, isTexts, ['errorFiles']), 'errorFiles');
  hold(areOptional(job, isObject, ['report', 'error', 'pending']), 'report');
  return body as Job;
}

function isPrincipal(value: unknown): boolean {
  const { id, standing, grants, names } = fieldsOf<JobPrincipal>(value);
  return typeof id === 'string' && typeof standing === 'string' && isTexts(grants) && isTexts(names);
}

function isSource(value: unknown): boolean {
  const { kind, name, ...rest } = fieldsOf<{ kind: unknown; name: unknown } & Record<string, unknown>>(value);
  if (typeof name !== 'string') return false;
  if (kind === 'url') return typeof rest.url === 'string';
  if (kind === 'local') return typeof rest.path === 'string' && isCount(rest.bytes);
  const { key, bytes, segments } = rest as Fields<Extract<JobSource, { kind: 'stored' }>>;
  const areSegments = segments === undefined || (Array.isArray(segments) && segments.every(isSegment));
  return kind === 'stored' && typeof key === 'string' && isCount(bytes) && areSegments;
}

function isSegment(value: unknown): boolean {
  const { key, bytes } = fieldsOf<{ key: string; bytes: number }>(value);
  return typeof key === 'string' && isCount(bytes);
}

function isOptions(value: unknown): boolean {
  const { existing, onError, dryRun } = fieldsOf<Job['options']>(value);
  const isSound = EXISTING.includes(existing as string) && (onError === 'skip' || onError === 'fail');
  return isSound && typeof dryRun === 'boolean';
}

function isPart(value: unknown): boolean {
  const { runs, counts, bytesRead, isDone, lease } = fieldsOf<JobPart>(value);
  const counted = fieldsOf<JobPart['counts']>(counts);
  const isSound = Array.isArray(runs) && runs.every(isObject) && COUNTS.every(name => isCount(counted[name]));
  return (
    isSound && isCount(bytesRead) && typeof isDone === 'boolean' && (lease === undefined || isLease(lease))
  );
}

function isLease(value: unknown): boolean {
  const { worker, untilMs } = fieldsOf<Lease>(value);
  return typeof worker === 'string' && isCount(untilMs);
}

function areOptional<T>(value: Fields<T>, isSound: (field: unknown) => boolean, names: (keyof T)[]): boolean {
  return names.every(name => value[name] === undefined || isSound(value[name]));
}

function isObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function fieldsOf<T>(value: unknown): Fields<T> {
  return isObject(value) ? (value as Fields<T>) : {};
}

function isTexts(value: unknown): boolean {
  return Array.isArray(value) && value.every(text => typeof text === 'string');
}

function isCount(value: unknown): boolean {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function hold(isSound: boolean, field: string): asserts isSound {
  if (!isSound) throw jobUnreadable(`its "${field}" is unsound`);
}
