import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test, vi } from 'vitest';
import { environmentForTest, functionOf } from '../support/lambda/for-test.ts';
import type { EnvironmentOptions } from '../support/lambda/function-environment.ts';
import type { FunctionDefinition } from '../support/lambda/function-process.ts';

/** An environment of a function with this source. */
function environmentOf(
  source: string,
  { freezes, ...definition }: Partial<FunctionDefinition> & EnvironmentOptions = {},
) {
  return environmentForTest(functionOf(source, definition), freezes === undefined ? {} : { freezes });
}

/** `T` when the process is stopped. */
function stateOf(pid: number | undefined): string | undefined {
  return /\) (\w)/.exec(readFileSync(`/proc/${pid}/stat`, 'utf8'))?.[1];
}

const PID = 'export const handler = async () => process.pid;';

describe('an invocation', () => {
  test('hands the event over and gives the answer back', async () => {
    const environment = environmentOf('export const handler = async event => ({ got: event });');
    const { payload, error, streamed } = await environment.invoke({ n: 1, ü: 'ä\u0000' });
    expect(JSON.parse(payload.toString())).toEqual({ got: { n: 1, ü: 'ä\u0000' } });
    expect([error, streamed]).toEqual([undefined, undefined]);
  });

  test('tells what init took with the first event only', async () => {
    const environment = environmentOf(PID);
    const first = await environment.invoke({});
    expect(first.initMs).toBeGreaterThan(0);
    expect(first.durationMs).toBeGreaterThan(0);
    expect(first.sinceStartMs).toBeGreaterThan((first.initMs ?? 0) + first.durationMs);
    const second = await environment.invoke({});
    expect([second.initMs, second.sinceStartMs]).toEqual([undefined, undefined]);
    expect(second.payload).toEqual(first.payload);
  });

  test('has the context and the environment of Lambda, and nothing of this process', async () => {
    const environment = environmentOf(
      `export const handler = async (event, context) => ({
        context, left: context.getRemainingTimeInMillis(), env: process.env, cwd: process.cwd(), flags: process.execArgv,
      });`,
      { name: 'api', memoryMb: 512, timeoutMs: 20_000, environment: { KITTIWAKE_DATA: '/tmp/kittiwake' } },
    );
    const { payload, requestId } = await environment.invoke({});
    const { context, left, env, cwd, flags } = JSON.parse(payload.toString());
    expect(context).toMatchObject({
      awsRequestId: requestId,
      functionName: 'api',
      memoryLimitInMB: '512',
      invokedFunctionArn: 'arn:aws:lambda:eu-central-1:123456789012:function:api',
    });
    expect(left).toBeLessThanOrEqual(20_000);
    expect(env).toMatchObject({
      _HANDLER: 'index.handler',
      LAMBDA_TASK_ROOT: cwd,
      AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs24.x',
    });
    expect(env.KITTIWAKE_DATA).toBe(join(env.TMPDIR, 'kittiwake'));
    expect(env._X_AMZN_TRACE_ID).toMatch(/^Root=1-[0-9a-f]{8}-[0-9a-f]{24};Parent=[0-9a-f]{16};Sampled=0$/);
    expect(Object.keys(env).filter(name => /vitest|npm_/i.test(name))).toEqual([]);
    expect(flags).toEqual(['--expose-gc', '--max-semi-space-size=25', '--max-old-space-size=460']);
  });

  test('may have another command in front, for as long as the process stays the same', async () => {
    const environment = environmentOf('export const handler = async () => [process.pid, process.env.MORE];', {
      prefix: ['/usr/bin/env', 'MORE=1'],
    });
    const { payload } = await environment.invoke({});
    expect(JSON.parse(payload.toString())).toEqual([environment.pid, '1']);
  });

  test('collects what was written, by console or not, with the event that it belongs to', async () => {
    const environment = environmentOf(
      `import { writeSync } from 'node:fs';
      writeSync(1, 'init\\n');
      export const handler = async n => {
        console.log('two\\nlines', n);
        writeSync(2, 'plain\\n');
      };`,
    );
    const first = await environment.invoke(1);
    const second = await environment.invoke(2);
    expect(first.log).toEqual(['init', expect.stringMatching(/\tINFO\ttwo\nlines 1$/), 'plain']);
    expect(first.log[1]).toContain(first.requestId);
    expect(second.log).toEqual([expect.stringMatching(/\tINFO\ttwo\nlines 2$/), 'plain']);
  });

  test('fails with what the handler throws; the process stays', async () => {
    const environment = environmentOf(
      `export const handler = async how => {
        if (how === 'throw') throw new TypeError('no such page');
        if (how === 'reject') return Promise.reject('a string');
        return process.pid;
      };`,
    );
    const { payload: pid } = await environment.invoke('pid');
    const { payload, error, log } = await environment.invoke('throw');
    expect(error).toMatchObject({ errorType: 'TypeError', errorMessage: 'no such page' });
    expect(JSON.parse(payload.toString())).toEqual(error);
    expect(log[0]).toContain('Invoke Error');
    expect((await environment.invoke('reject')).error).toMatchObject({
      errorType: 'string',
      errorMessage: 'a string',
    });
    expect((await environment.invoke('pid')).payload).toEqual(pid);
  });

  test('fails when the process ends, and the next has another process', async () => {
    const environment = environmentOf(
      `export const handler = async how => {
        if (how === 'exit') process.exit(3);
        if (how === 'leave') process.exit();
        if (how === 'idle') await new Promise(() => {});
        if (how === 'crash') setImmediate(() => { throw new Error('nobody catches this'); });
        if (how === 'crash') await new Promise(() => {});
        return process.pid;
      };`,
    );
    const { payload: pid } = await environment.invoke('pid');
    const { error, requestId } = await environment.invoke('exit');
    expect(error).toEqual({
      errorType: 'Runtime.ExitError',
      errorMessage: `RequestId: ${requestId} Error: Runtime exited with error: exit status 3`,
    });
    for (const how of ['leave', 'idle']) {
      const { error: clean } = await environment.invoke(how);
      expect(clean?.errorMessage, how).toMatch(/Error: Runtime exited without providing a reason$/);
    }
    const crash = await environment.invoke('crash');
    expect(crash.error?.errorMessage).toMatch(/exit status 1$/);
    expect(crash.log.join('\n')).toContain('nobody catches this');
    const next = await environment.invoke('pid');
    expect(next.payload).not.toEqual(pid);
    expect(next.initMs).toBeGreaterThan(0);
  });

  test('fails when the process is killed from outside', async () => {
    const environment = environmentOf(
      'export const handler = () => new Promise(resolve => setTimeout(resolve, 60_000));',
      { timeoutMs: 60_000 },
    );
    await environment.init();
    const invocation = environment.invoke({});
    await environment.kill();
    expect((await invocation).error?.errorMessage).toMatch(/Runtime exited with error: signal: killed$/);
  });

  test('ends the process when the time is over', async () => {
    const environment = environmentOf(
      `export const handler = async how => {
        if (how === 'hang') for (;;);
        if (how === 'wait') await new Promise(resolve => setTimeout(resolve, 60_000));
        return process.pid;
      };`,
      { timeoutMs: 2000 },
    );
    for (const how of ['hang', 'wait']) {
      const { payload: pid } = await environment.invoke('pid');
      const { error, requestId } = await environment.invoke(how);
      expect(error).toEqual({
        errorType: 'Sandbox.Timedout',
        errorMessage: `RequestId: ${requestId} Error: Task timed out after 2.00 seconds`,
      });
      expect(existsSync(`/proc/${pid}`)).toBe(false);
    }
    expect((await environment.invoke('pid')).error).toBeUndefined();
  });

  test('is limited in size: event and answer', async () => {
    const environment = environmentOf("export const handler = async n => 'a'.repeat(n);");
    await expect(environment.invoke('a'.repeat(6_291_456))).rejects.toThrow(
      'Cannot invoke: the event has 6291458 bytes, at most 6291456',
    );
    expect((await environment.invoke(6_291_554)).payload.length).toBe(6_291_556);
    const { error, log } = await environment.invoke(6_291_555);
    expect(error).toEqual({
      errorType: 'Function.ResponseSizeTooLarge',
      errorMessage: 'Response payload size exceeded maximum allowed payload size (6291556 bytes).',
    });
    expect(log[0]).toMatch(
      /^LAMBDA_RUNTIME Failed to post handler success response. Http response code: 413/,
    );
    expect((await environment.invoke(0)).payload.toString()).toBe('""');
  });
});

describe('init', () => {
  test('that throws is tried once more with the event, and again with the next', async () => {
    const environment = environmentOf(
      `console.log('init');
      throw new RangeError('a variable is missing');`,
    );
    const first = await environment.invoke({});
    expect(first.error).toMatchObject({ errorType: 'RangeError', errorMessage: 'a variable is missing' });
    expect(first.log.filter(line => line.endsWith('\tinit'))).toHaveLength(2);
    const second = await environment.invoke({});
    expect(second.error).toMatchObject({ errorType: 'RangeError' });
    expect(second.log.filter(line => line.endsWith('\tinit'))).toHaveLength(1);
    expect([second.initMs, second.durationMs]).toEqual([undefined, 0]);
  });

  test('that exits is tried once more; what succeeds then serves the event', async () => {
    const environment = environmentOf(
      `import { existsSync, writeFileSync } from 'node:fs';
      if (!existsSync(process.env.MARK)) {
        writeFileSync(process.env.MARK, '');
        process.exit(1);
      }
      export const handler = async () => 'served';`,
      { environment: { MARK: '/tmp/mark' } },
    );
    expect((await environment.invoke({})).payload.toString()).toBe('"served"');
  });

  test('that always exits fails the event', async () => {
    const environment = environmentOf('process.exit(7);');
    const { error } = await environment.invoke({});
    expect(error?.errorMessage).toMatch(/Runtime exited with error: exit status 7$/);
  });

  test('that takes too long has the time of the function when it is repeated', async () => {
    const environment = environmentOf('await new Promise(resolve => setTimeout(resolve, 60_000));', {
      initTimeoutMs: 200,
      timeoutMs: 300,
    });
    const { error, requestId } = await environment.invoke({});
    expect(error?.errorMessage).toBe(`RequestId: ${requestId} Error: Task timed out after 0.30 seconds`);
  });

  test('tells of a handler that is not there, or of the old kind', async () => {
    const missing = environmentOf('export const other = 1;');
    expect((await missing.invoke({})).error).toMatchObject({
      errorType: 'Runtime.HandlerNotFound',
      errorMessage: 'index.handler is undefined or not exported',
    });
    const old = environmentOf('export const handler = (event, context, callback) => callback(null, 1);');
    expect((await old.invoke({})).error?.errorType).toBe('Runtime.CallbackHandlerDeprecated');
  });

  test('ahead of the event leaves nothing to wait for, and the process frozen', async () => {
    const environment = environmentOf(PID);
    expect(await environment.init()).toBeUndefined();
    const { pid } = environment;
    await vi.waitFor(() => expect(stateOf(pid)).toBe('T'));
    const { payload, initMs } = await environment.invoke({});
    expect(payload.toString()).toBe(String(pid));
    expect(initMs).toBeGreaterThan(0);
  });
});

describe('between events', () => {
  const TICKS = `let ticks = 0;
    setInterval(() => { ticks += 1; }, 10);
    export const handler = async () => ticks;`;

  test('the process is frozen, and goes on with the next event', async () => {
    const environment = environmentOf(TICKS);
    const before = Number((await environment.invoke({})).payload);
    await vi.waitFor(() => expect(stateOf(environment.pid)).toBe('T'));
    await new Promise(resolve => setTimeout(resolve, 2000));
    const { payload, initMs } = await environment.invoke({});
    // Timers that are late run once, not as often as they should have.
    expect(Number(payload) - before).toBeLessThan(100);
    expect(initMs).toBeUndefined();
  });

  test('it runs on where freezing is switched off, until it is frozen by hand', async () => {
    const environment = environmentOf(TICKS, { freezes: false });
    const before = Number((await environment.invoke({})).payload);
    await vi.waitFor(async () => {
      expect(Number((await environment.invoke({})).payload)).toBeGreaterThan(before + 20);
    });
    environment.freeze();
    await vi.waitFor(() => expect(stateOf(environment.pid)).toBe('T'));
    expect((await environment.invoke({})).error).toBeUndefined();
  });

  test('a recycled environment has another process and an empty /tmp', async () => {
    const environment = environmentOf(
      `import { readdirSync, writeFileSync } from 'node:fs';
      export const handler = async () => {
        const found = readdirSync(process.env.PLACE);
        writeFileSync(process.env.PLACE + '/kept', '');
        return { found, pid: process.pid };
      };`,
      { environment: { PLACE: '/tmp' } },
    );
    const ask = async () => JSON.parse((await environment.invoke({})).payload.toString());
    const first = await ask();
    expect(await ask()).toEqual({ found: ['kept'], pid: first.pid });
    await environment.recycle();
    const after = await ask();
    expect(after.found).toEqual([]);
    expect(after.pid).not.toBe(first.pid);
  });

  test('a process that is killed while frozen is replaced', async () => {
    const environment = environmentOf(PID);
    const { payload } = await environment.invoke({});
    await environment.kill();
    const next = await environment.invoke({});
    expect(next.payload).not.toEqual(payload);
    expect(next.initMs).toBeGreaterThan(0);
  });

  test('only one event is taken at a time, and nothing is left after the stop', async () => {
    const environment = environmentOf(PID);
    const first = environment.invoke({});
    await expect(environment.invoke({})).rejects.toThrow('the environment has an event already');
    const pid = Number((await first).payload);
    await environment.stop();
    expect(existsSync(`/proc/${pid}`)).toBe(false);
  });

  test('a stop ends the event under way, in its init too', async () => {
    const environment = environmentOf('await new Promise(resolve => setTimeout(resolve, 60_000));');
    const invocation = environment.invoke({});
    await environment.stop();
    expect((await invocation).error?.errorMessage).toMatch(/signal: killed$/);
    expect(environment.pid).toBeUndefined();
  });
});
