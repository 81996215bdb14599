import { resolveRange } from '../byte-range.ts';
import type { GetOptions, GetOutcome } from '../byte-store.ts';
import { codeOf, failure, refusal, versionOf } from './answers.ts';
import type { S3Client } from './client.ts';
import { notS3, s3Denied, s3Failed } from './errors.ts';
import type { Doing, Place } from './place.ts';
import type { HttpAnswer } from './transport.ts';

export interface Target {
  client: S3Client;
  place: Place;
  /** As the caller knows it, and as the bucket does. */
  key: string;
  object: string;
  /** Absent: the current version. */
  versionId?: string;
}

type Found = Extract<GetOutcome, { kind: 'found' }>;

/** Reads an object or a part of it. */
export async function getObject(target: Target, options: GetOptions): Promise<GetOutcome> {
  const { range } = options;
  // HTTP has no empty range: one byte is asked for and left out.
  const isEmpty = range?.end !== undefined && range.end <= range.start;
  const asked = isEmpty ? { start: 0, end: 1 } : range;
  const answer = await ask(target, 'GET', options, rangeHeader(asked));
  if (answer.status === 416) return await describeObject(target, options);
  const doing: Doing = { action: 'Reading', key: target.key };
  if (answer.status === 200 || answer.status === 206) {
    const outcome = found(doing, target.place, asked, answer);
    return isEmpty ? { ...outcome, bytes: Buffer.alloc(0) } : outcome;
  }
  return otherwise(doing, target.place, answer);
}

/** The version and size of an object that is there, with none of its bytes. */
async function describeObject(target: Target, options: GetOptions): Promise<GetOutcome> {
  const answer = await ask(target, 'HEAD', options, undefined);
  const doing: Doing = { action: 'Reading', key: target.key };
  if (answer.status === 404) return { kind: 'absent' };
  if (answer.status !== 200) return otherwise(doing, target.place, answer);
  const version = versionOf(answer);
  if (version === undefined) throw notS3(doing, target.place, 'answers a HEAD without an ETag');
  const size = Number(answer.headers['content-length'] ?? 0);
  return { kind: 'found', bytes: Buffer.alloc(0), version, size };
}

async function ask(
  { client, place, key, object, versionId }: Target,
  method: 'GET' | 'HEAD',
  { ifNoneMatch, signal }: GetOptions,
  range: string | undefined,
): Promise<HttpAnswer> {
  const headers: Record<string, string> = {};
  if (ifNoneMatch !== undefined && isVersion(ifNoneMatch)) headers['if-none-match'] = ifNoneMatch;
  if (range !== undefined) headers.range = range;
  const operation = method === 'GET' ? 'get' : 'head';
  const query = versionId === undefined ? [] : [['versionId', versionId] as const];
  try {
    return await client.call({ operation, key, method, object, query, headers, repeatable: true, signal });
  } catch (error) {
    throw failure({ action: 'Reading', key }, place, error, signal);
  }
}

function rangeHeader(range: GetOptions['range']): string | undefined {
  if (range === undefined || (range.start === 0 && range.end === undefined)) return undefined;
  if (range.start < 0) return `bytes=${range.start}`;
  return `bytes=${range.start}-${range.end === undefined ? '' : range.end - 1}`;
}

/** Some servers ignore a range, as HTTP allows, and send everything. */
function found(doing: Doing, place: Place, range: GetOptions['range'], answer: HttpAnswer): Found {
  const { status, headers, bytes } = answer;
  const version = versionOf(answer);
  if (version === undefined) throw notS3(doing, place, 'answers a GET without an ETag');
  if (status === 200) {
    const { start, end } = resolveRange(range, bytes.length);
    return { kind: 'found', bytes: bytes.subarray(start, end), version, size: bytes.length };
  }
  const text = headers['content-range'] ?? '';
  const [, first, last, whole] = /^bytes (\d+)-(\d+)\/(\d+)$/.exec(text) ?? [];
  const { start, end } = resolveRange(range, Number(whole));
  const isAsked = Number(first) === start && Number(last) === end - 1 && bytes.length === end - start;
  if (!isAsked) {
    const asked = rangeHeader(range);
    throw s3Failed(doing, place, `it has ${bytes.length} bytes of "${text}", "${asked}" was asked for`);
  }
  return { kind: 'found', bytes, version, size: Number(whole) };
}

function otherwise(doing: Doing, place: Place, answer: HttpAnswer): GetOutcome {
  if (answer.status === 304) return { kind: 'unchanged' };
  const code = codeOf(answer);
  if (code === 'NoSuchKey' || code === 'NoSuchVersion') return { kind: 'absent' };
  if (code === 'AccessDenied') {
    const what = 'the object is missing, or the permission s3:GetObject is; s3:ListBucket would tell which';
    throw s3Denied(doing, place, code, what);
  }
  throw refusal(doing, place, answer);
}

/** True for what can be sent as an entity tag; anything else is no version of ours. */
export function isVersion(text: string): boolean {
  return /^"[\x21\x23-\x7e]+"$/.test(text);
}
