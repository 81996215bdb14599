import { expect } from 'vitest';
import { s3Event, sqsEvent } from '../../support/lambda/events.ts';
import type { Deployment } from './deployment.ts';

/** Keys of what says that there is an import to be worked on, as S3 lists them. */
export async function wakesOf({ place, bucket, uuid }: Deployment, signedMs: number): Promise<string[]> {
  const query = { 'list-type': '2', prefix: `wakes/${uuid}/` };
  const { text } = await place.send('GET', '', { path: `/${bucket}`, query, signedMs });
  return [...text.matchAll(/<Key>(.*?)<\/Key>/g)].map(([, key = '']) => key);
}

/** Has the import function get the notice of one of these keys, as its queue would deliver it; resolves when it has answered, or ended. */
export async function told(
  { bucket, functions, notify }: Deployment,
  keys: readonly string[],
): Promise<void> {
  const [key = ''] = keys;
  expect(notify(key)).toBe(1);
  const notice = { messageId: 'm', body: JSON.stringify(s3Event([{ bucket, key }])) };
  await functions.import.pool.invoke(sqsEvent([notice])).catch(() => undefined);
}
