import { type Runtime, randomId } from '../../core/runtime.ts';
import type { UploadPromise } from './large.ts';

export interface UploadId extends UploadPromise {
  /** When it was given out, in seconds since the epoch. */
  madeSeconds: number;
}

const PATTERN = /^([0-9a-f]{8})-[0-9a-f]{32}-(\d{1,12})-([0-9a-f]{64})$/;

/**
 * A new id: the time, 128 random bits, and what was promised. It is the last part of the object's key, so that an id with
 * another promise names another object, and nothing has to be remembered.
 */
export function makeUploadId({ size, sha256 }: UploadPromise, runtime: Runtime): string {
  const seconds = Math.floor(runtime.now() / 1000);
  return `${seconds.toString(16).padStart(8, '0')}-${randomId(runtime)}-${size}-${sha256}`;
}

/** Undefined for what is no id. */
export function parseUploadId(text: string): UploadId | undefined {
  const [, seconds, size, sha256] = PATTERN.exec(text) ?? [];
  if (seconds === undefined || size === undefined || sha256 === undefined) return undefined;
  return { madeSeconds: Number.parseInt(seconds, 16), size: Number(size), sha256 };
}

export const uploadsPrefix = (uuid: string): string => `uploads/${uuid}/`;
export const copiesPrefix = (uuid: string): string => `raw/${uuid}/`;
