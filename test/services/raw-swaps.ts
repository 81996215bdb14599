import { setTimeout as wait } from 'node:timers/promises';
import type { S3Reply, S3Request } from '../support/s3-request.ts';

/** Versions as a server without quotes wants them in `If-Match`. */
export const versionOf = ({ headers }: S3Reply) => (headers.etag ?? '').replaceAll('"', '');

/**
 * Appends a word to an object that is a list of words, by conditional writes, until it is in: the list is the history in
 * which an answer that tells nothing (a 500, a broken connection) is looked up. `onAttempt` is told every status, 0 for none.
 */
export async function append(
  request: S3Request,
  path: string,
  word: string,
  onAttempt: (status: number) => void = () => {},
): Promise<void> {
  for (;;) {
    const current = await readList(request, path);
    if (current === undefined) {
      await wait(30 * Math.random());
      continue;
    }
    if (current.words.includes(word)) return;
    const headers = { 'if-match': current.version };
    const body = [...current.words, word].join(' ');
    const reply = await request('PUT', path, { body, headers }).catch(() => undefined);
    onAttempt(reply?.status ?? 0);
    if (reply?.status === 200) return;
    await wait(30 * Math.random());
  }
}

/** Undefined when there was no answer, or a 5xx. */
export async function readList(
  request: S3Request,
  path: string,
): Promise<{ words: string[]; version: string } | undefined> {
  const reply = await request('GET', path).catch(() => undefined);
  if (reply === undefined || reply.status >= 500) return undefined;
  if (reply.status !== 200) throw new Error(`cannot read "${path}": ${reply.status} ${reply.body}`);
  return { words: reply.body.toString().split(' '), version: versionOf(reply) };
}
