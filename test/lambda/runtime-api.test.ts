import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { FunctionError } from '../support/lambda/function-error.ts';
import { RuntimeApi } from '../support/lambda/runtime-api.ts';

/** The API, and a client that speaks plain HTTP to it as a custom runtime does. */
async function startApi() {
  const initErrors: FunctionError[] = [];
  const asked = Promise.withResolvers<void>();
  const api = new RuntimeApi({
    onNext: () => asked.resolve(),
    onInitError: error => void initErrors.push(error),
  });
  await api.listen();
  onTestFinished(() => api.stop());
  const call = (path: string, init: RequestInit = {}) =>
    fetch(`http://${api.address}/2018-06-01/runtime/${path}`, init);
  return { api, call, initErrors, asked: asked.promise };
}

const INVOCATION = {
  requestId: 'r-1',
  event: Buffer.from('{"a":1}'),
  deadlineMs: 1_800_000_000_000,
  functionArn: 'arn:f',
  traceId: 'Root=1',
};

describe('the runtime API', () => {
  test('answers `next` when there is an event, with its headers', async () => {
    const { api, call, asked } = await startApi();
    let isAnswered = false;
    const next = call('invocation/next').then(response => {
      isAnswered = true;
      return response;
    });
    await asked;
    await sleep(50);
    expect(isAnswered).toBe(false);
    const exchange = api.deliver(INVOCATION);
    const response = await next;
    expect(await response.json()).toEqual({ a: 1 });
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'lambda-runtime-aws-request-id': 'r-1',
      'lambda-runtime-deadline-ms': '1800000000000',
      'lambda-runtime-invoked-function-arn': 'arn:f',
      'lambda-runtime-trace-id': 'Root=1',
    });
    const accepted = await call('invocation/r-1/response', { method: 'POST', body: 'done' });
    expect([accepted.status, await accepted.json()]).toEqual([202, { status: 'OK' }]);
    const { body, error } = await exchange.opened;
    expect([String(await body.toArray()), error]).toEqual(['done', undefined]);
  });

  test('takes an error for an answer, and an answer once', async () => {
    const { api, call, asked } = await startApi();
    const next = call('invocation/next');
    await asked;
    const exchange = api.deliver(INVOCATION);
    await next;
    const body = JSON.stringify({ errorMessage: 'no', errorType: 'E', stackTrace: [] });
    const headers = { 'lambda-runtime-function-error-type': 'Other' };
    expect((await call('invocation/r-1/error', { method: 'POST', body, headers })).status).toBe(202);
    expect((await exchange.opened).error).toMatchObject({ errorType: 'E', errorMessage: 'no' });
    const again = await call('invocation/r-1/response', { method: 'POST', body: 'late' });
    expect([again.status, await again.json()]).toMatchObject([403, { errorType: 'InvalidStateTransition' }]);
  });

  test('refuses what belongs to no event, and what is unknown', async () => {
    const { call } = await startApi();
    const wrong = await call('invocation/other/response', { method: 'POST', body: '1' });
    expect([wrong.status, await wrong.json()]).toMatchObject([400, { errorType: 'InvalidRequestID' }]);
    expect((await call('elsewhere')).status).toBe(404);
  });

  test('passes an error of init on, whatever its form', async () => {
    const { call, initErrors } = await startApi();
    const headers = { 'lambda-runtime-function-error-type': 'Runtime.Bad' };
    expect((await call('init/error', { method: 'POST', body: 'plain', headers })).status).toBe(202);
    expect(initErrors).toEqual([{ errorType: 'Runtime.Bad', errorMessage: 'plain' }]);
  });

  test('delivers nothing to a runtime that does not ask', async () => {
    const { api } = await startApi();
    expect(() => api.deliver(INVOCATION)).toThrow('the runtime asks for none');
  });
});
