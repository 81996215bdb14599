import { KittiwakeError } from '../../core/errors.ts';
import type { Doing, Place } from './place.ts';

/** Begins a message: what was done, to what, where. */
function failed({ action, key }: Doing, { location }: Place): string {
  return `${action} "${key}" in ${location} failed`;
}

function dataOf({ key }: Doing, { location, endpoint }: Place): Record<string, unknown> {
  return { key, location, endpoint };
}

/** What is thrown when nothing tells more: `what` reads on from "failed:". */
export function s3Failed(doing: Doing, place: Place, what: string, cause?: unknown): KittiwakeError {
  return new KittiwakeError('storage_failed', `${failed(doing, place)}: ${what}`, {
    data: dataOf(doing, place),
    cause,
  });
}

export function bucketAbsent(doing: Doing, place: Place): KittiwakeError {
  return new KittiwakeError(
    'storage_bucket_absent',
    `${failed(doing, place)}: ${place.endpoint} has no bucket "${place.bucket}", create it or correct the store`,
    { data: dataOf(doing, place) },
  );
}

/** `what` reads on from "failed:". */
export function s3Denied(doing: Doing, place: Place, code: string, what: string): KittiwakeError {
  return new KittiwakeError('storage_denied', `${failed(doing, place)}: ${what} (${code})`, {
    data: { ...dataOf(doing, place), code },
  });
}

export function regionWrong(doing: Doing, place: Place, region: string | undefined): KittiwakeError {
  const wanted = region === undefined ? 'another region' : `the region "${region}"`;
  return new KittiwakeError(
    'storage_region_wrong',
    `${failed(doing, place)}: the bucket "${place.bucket}" is in ${wanted}, AWS_REGION is "${place.region}"`,
    { data: { ...dataOf(doing, place), region } },
  );
}

/** The times of both clocks as the server gives them. */
export function clockSkewed(
  doing: Doing,
  place: Place,
  ours: string | undefined,
  theirs: string,
): KittiwakeError {
  const said = ours === undefined ? 'is wrong' : `says ${ours}`;
  return new KittiwakeError(
    'storage_clock_skewed',
    `${failed(doing, place)}: the clock of this machine ${said}, that of ${place.endpoint} says ${theirs}, set the clock`,
    { data: { ...dataOf(doing, place), ours, theirs } },
  );
}

/** `what` reads on from the endpoint. */
export function notS3(doing: Doing, place: Place, what: string, cause?: unknown): KittiwakeError {
  return new KittiwakeError(
    'storage_not_s3',
    `${failed(doing, place)}: ${place.endpoint} ${what}, which is not S3, correct AWS_ENDPOINT_URL_S3`,
    { data: dataOf(doing, place), cause },
  );
}

/** `what` reads on from the endpoint. */
export function unconditional(place: Place, what: string): KittiwakeError {
  return new KittiwakeError(
    'storage_unconditional',
    `Probing ${place.location} failed: ${place.endpoint} ${what}, so that writers would overwrite each other; the server must support conditional writes, as Ceph 16 does in buckets without versioning only`,
    { data: { location: place.location, endpoint: place.endpoint } },
  );
}

/** `what` reads on from "failed:". */
export function credentialsAbsent(what: string, cause?: unknown): KittiwakeError {
  return new KittiwakeError('storage_credentials', `Finding AWS credentials failed: ${what}`, { cause });
}

export function expiryInvalid(seconds: number, maxSeconds: number): KittiwakeError {
  return new KittiwakeError(
    'storage_failed',
    `Presigning for ${seconds} seconds failed: it must be a whole number from 1 to ${maxSeconds}`,
  );
}
