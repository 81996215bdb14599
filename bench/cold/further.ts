import { resolve } from 'node:path';
import type { S3Target } from '../support/plain-s3.ts';
import { startUntilTold } from '../support/started.ts';

const PROXY = resolve(import.meta.dirname, '../support/delay-proxy.child.ts');

/** Gives `work` the same bucket with so many milliseconds added to each answer. */
export async function further<T>(
  target: S3Target,
  latencyMs: number,
  work: (target: S3Target) => Promise<T>,
): Promise<T> {
  if (latencyMs === 0) return await work(target);
  const { hostname, port } = new URL(target.endpoint);
  const proxy = await startUntilTold(PROXY, [hostname, port, String(latencyMs)]);
  try {
    return await work({ ...target, endpoint: proxy.line.replace(/^.* at /, '') });
  } finally {
    await proxy.stop();
  }
}
