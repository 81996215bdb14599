import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import type { Retry } from '../../src/client/options.ts';
import { type HttpRequest, type HttpResponse, json } from '../../src/http/message.ts';
import { openListeningWiki } from '../support/listening-wiki.ts';

/** A wiki in front of which something answers the first requests. */
async function behind(answers: readonly ((request: HttpRequest) => HttpResponse | Promise<HttpResponse>)[]) {
  const left = [...answers];
  const keys: (string | undefined)[] = [];
  const wiki = await openListeningWiki({
    front: app => ({
      handle: async request => {
        keys.push(request.headers['idempotency-key']);
        const answer = left.shift();
        return answer ? await answer(request) : await app.handle(request);
      },
    }),
  });
  return { wiki, keys };
}

const refusing =
  (status: number, code: string, headers: Record<string, string> = {}) =>
  () =>
    json(status, { error: `Refused with ${code}`, code }, headers);

test('what was refused for the moment is tried again, under the same key', async () => {
  const { wiki, keys } = await behind([refusing(503, 'contention'), refusing(429, 'rate_limited')]);
  const retries: Retry[] = [];
  await wiki.client({ onRetry: retry => retries.push(retry) }).put('Home', 'one\n');
  expect(retries.map(({ endpoint, attempts, error }) => [endpoint, attempts, error.code])).toEqual([
    ['PUT /api/v1/pages/{path}', 1, 'contention'],
    ['PUT /api/v1/pages/{path}', 2, 'rate_limited'],
  ]);
  expect([keys.length, new Set(keys).size, typeof keys[0]]).toEqual([3, 1, 'string']);
});

test('Retry-After is waited for, in seconds or as a date, or not at all when it is too long', async () => {
  const date = new Date(Date.now() + 2_000).toUTCString();
  const { wiki } = await behind([
    refusing(503, 'contention', { 'retry-after': '1' }),
    refusing(429, 'rate_limited', { 'retry-after': date }),
    refusing(429, 'rate_limited', { 'retry-after': '3600' }),
  ]);
  const waits: number[] = [];
  const client = wiki.client({ onRetry: ({ waitMs }) => waits.push(waitMs) });
  await expect(client.page('Home')).rejects.toMatchObject({
    code: 'rate_limited',
    data: { retryAfterMs: 3_600_000 },
  });
  expect(waits).toHaveLength(2);
  expect(waits[0]).toBeGreaterThanOrEqual(1_000);
});

test('attempts are counted, and refusals that stay are told at once', async () => {
  const { wiki, keys } = await behind(Array.from({ length: 5 }, () => refusing(503, 'contention')));
  await expect(wiki.client({ retries: 2 }).put('Home', 'x\n')).rejects.toMatchObject({ code: 'contention' });
  expect(keys).toHaveLength(3);
  const other = await behind([refusing(422, 'text_invalid'), refusing(422, 'text_invalid')]);
  await expect(other.wiki.client().put('Home', 'x\n')).rejects.toMatchObject({ code: 'text_invalid' });
  expect(other.keys).toHaveLength(1);
});

test('a write of unknown outcome goes on beyond the count, and a refusal of the caller does not settle it', async () => {
  const unknown = Array.from({ length: 6 }, () => refusing(503, 'outcome_unknown'));
  const { wiki, keys } = await behind(unknown);
  await wiki.client({ retries: 1, backoffMs: 5 }).put('Home', 'x\n');
  expect([keys.length, new Set(keys).size]).toEqual([7, 1]);
  const revoked = await behind([refusing(503, 'outcome_unknown'), refusing(401, 'auth_invalid')]);
  const error = await revoked.wiki
    .client()
    .put('Home', 'x\n')
    .catch(cause => cause);
  expect(error).toMatchObject({ code: 'outcome_unknown', status: 401, cause: { code: 'auth_invalid' } });
});

test('an answer that does not come is given up, and asked for again', async () => {
  const { wiki } = await behind([() => sleep(60_000, json(200, {}), { ref: false })]);
  const codes: string[] = [];
  const client = wiki.client({ timeoutMs: 300, onRetry: ({ error }) => codes.push(error.code) });
  await client.put('Home', 'one\n');
  expect(codes).toEqual(['timed_out']);
});

test('a signal ends a call that waits for its answer, and one that waits for its next attempt', async () => {
  const stop = new AbortController();
  const { wiki } = await behind([
    () => {
      stop.abort(new Error('enough'));
      return sleep(60_000, json(200, {}), { ref: false });
    },
    refusing(503, 'contention', { 'retry-after': '30' }),
  ]);
  const reading = wiki.client().page('Home', { signal: stop.signal });
  await expect(reading).rejects.toThrow('enough');
  const again = new AbortController();
  const client = wiki.client({ onRetry: () => again.abort() });
  await expect(client.page('Home', { signal: again.signal })).rejects.toMatchObject({ name: 'AbortError' });
});

test('an answer of something in between is no answer', async () => {
  const html = (status: number) => () => ({
    status,
    headers: { 'content-type': 'text/html' },
    body: '<p>no</p>',
  });
  const { wiki, keys } = await behind([html(502), html(200)]);
  await wiki.client().put('Home', 'one\n');
  expect([keys.length, new Set(keys).size]).toEqual([3, 1]);
  const lost = await behind([html(404)]);
  const error = await lost.wiki
    .client()
    .page('Home')
    .catch(cause => cause);
  expect(error).toMatchObject({ code: 'answer_invalid', status: 404, retryable: false });
});
