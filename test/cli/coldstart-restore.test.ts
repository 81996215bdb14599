import { afterEach, describe, expect, it, vi } from 'vitest';
import {
  type LambdaService,
  type LambdaServiceOptions,
  type ServiceError,
  type ServiceRequest,
  textTail,
  type Variables,
} from '../support/lambda-service.ts';
import { measuredFunction, SECRET, VARIABLES } from './coldstart-support.ts';

const MARKER = 'KITTIWAKE_COLDSTART_MARKER';

afterEach(() => vi.unstubAllEnvs());

/** Something that a request of the command sets off, once; it may refuse that request. */
function once(
  operation: ServiceRequest['operation'],
  count: number,
  act: (service: LambdaService) => ServiceError | undefined,
): Pick<LambdaServiceOptions, 'before'> {
  return {
    before: (request, service) =>
      request.operation === operation && request.count === count ? act(service) : undefined,
  };
}

/** Others change the variables during an invocation. */
function changedDuring(invocation: number, change: (now: Variables) => Variables) {
  return once('invoke', invocation, service => {
    service.change(change(service.variables));
    return undefined;
  });
}

describe('the environment of a function that is measured', () => {
  it.each([['SIGINT'], ['SIGTERM'], ['SIGHUP']] as const)('is restored on %s', async signal => {
    const reached = Promise.withResolvers<void>();
    const invoke: LambdaServiceOptions['invoke'] = call => {
      reached.resolve();
      return { tail: textTail(call), delayMs: 30_000 };
    };
    const { service, start } = await measuredFunction({ invoke });
    const running = start();
    await reached.promise;
    expect(Object.keys(service.variables)).toContain(MARKER);
    running.child.kill(signal);
    const { code, out, err } = await running.finished;
    expect({ code, out }).toEqual({ code: 130, out: '' });
    expect(err).toBe(
      `Restoring the environment; Ctrl-C now leaves ${MARKER} there\nerror: Stopped (stopped)\n`,
    );
    expect(service.variables).toEqual(VARIABLES);
  });

  it('is restored when nobody reads the output any more', async () => {
    const reached = Promise.withResolvers<void>();
    const invoke: LambdaServiceOptions['invoke'] = call => {
      reached.resolve();
      return { tail: textTail(call), delayMs: 30_000 };
    };
    const { service, start } = await measuredFunction({ invoke });
    const running = start();
    await reached.promise;
    running.child.stdout?.destroy();
    running.child.stderr?.destroy();
    running.child.kill('SIGTERM');
    await running.finished;
    expect(service.variables).toEqual(VARIABLES);
  });

  it('is restored at whichever request the run is stopped', async () => {
    let isDone = false;
    for (let stopAt = 1; !isDone; stopAt += 1) {
      const stopping = new AbortController();
      let requests = 0;
      const { service, runAtOnce } = await measuredFunction({
        before: () => {
          requests += 1;
          if (requests === stopAt) stopping.abort(new Error('stopped'));
          return undefined;
        },
      });
      const { error } = await runAtOnce(stopping.signal);
      expect(service.variables, `stopped at request ${stopAt}`).toEqual(VARIABLES);
      expect(error === undefined || error === stopping.signal.reason).toBe(true);
      if (stopAt < 10) expect(error).toBeDefined();
      isDone = requests < stopAt;
    }
  });

  it('is restored whichever request is refused', async () => {
    let isDone = false;
    let refused = 0;
    while (!isDone) {
      refused += 1;
      let requests = 0;
      const { service, runAtOnce } = await measuredFunction({
        before: () =>
          ++requests === refused ? { status: 403, type: 'AccessDeniedException', message: 'no' } : undefined,
      });
      await runAtOnce();
      expect(service.variables, `request ${refused} refused`).toEqual(VARIABLES);
      isDone = requests < refused;
    }
    expect(refused).toBeGreaterThan(10);
  });

  it('goes on when the revision alone has moved', async () => {
    const { service, run } = await measuredFunction(changedDuring(1, now => now));
    const { code, out } = await run('--samples', '3');
    expect([code, service.variables, service.counts.write]).toEqual([0, VARIABLES, 5]);
    expect(out).toContain('3 samples; dropped: none');
  });

  it('keeps what others change during the measurement, which ends', async () => {
    const others = { ...VARIABLES, ADDED: 'by others' };
    const { service, run } = await measuredFunction(changedDuring(2, now => ({ ...now, ...others })));
    const { code, out, err } = await run('--samples', '5');
    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(err).toBe(
      [
        `note: Others changed the variables meanwhile: they stay so, only ${MARKER} was taken away`,
        'error: Measuring "wiki" stops: somebody else changed the function meanwhile (function_changed)',
        '',
      ].join('\n'),
    );
    expect(service.variables).toEqual(others);
  });

  it('is left alone where others took the marker away with their change', async () => {
    const others = { OTHER: 'set' };
    const { service, run } = await measuredFunction(changedDuring(1, () => others));
    const { code } = await run('--samples', '5');
    expect([code, service.variables, service.counts.write]).toEqual([1, others, 2]);
  });

  it('is not measured on with other code', async () => {
    const { service, run } = await measuredFunction(
      once('invoke', 2, service => {
        service.configuration.CodeSha256 = 'other';
        service.change(service.variables);
        return undefined;
      }),
    );
    const { code, err } = await run('--samples', '5');
    expect([code, err]).toEqual([1, expect.stringMatching(/^error: .* \(function_changed\)\n$/)]);
    expect(service.variables).toEqual(VARIABLES);
  });

  it('goes on when a write was carried out and its answer was lost', async () => {
    const { service, run } = await measuredFunction(
      once('write', 2, service => {
        service.change({ ...VARIABLES, [MARKER]: (service.variables[MARKER] ?? '').replace(/-1$/, '-2') });
        return { status: 500, type: 'ServiceException', message: 'lost' };
      }),
    );
    const { code, out } = await run('--samples', '3');
    expect([code, service.variables]).toEqual([0, VARIABLES]);
    expect(out).toContain('3 samples; dropped: none');
  });

  it('loses a marker that a killed run left', async () => {
    const { service, run } = await measuredFunction({ variables: { ...VARIABLES, [MARKER]: 'old' } });
    const { code, err } = await run('--samples', '1');
    expect({ code, err }).toEqual({
      code: 0,
      err: `note: a run that was killed left ${MARKER}; it goes at the end\n`,
    });
    expect(service.variables).toEqual(VARIABLES);
  });

  it('is restored though updates are refused and fail for a while', async () => {
    const { service, run } = await measuredFunction({
      before: ({ operation, count }, { configuration }) => {
        if (operation !== 'write' || count < 2 || count > 3) return undefined;
        configuration.Timeout = 60;
        return count === 2
          ? { status: 409, type: 'ResourceConflictException', message: 'An update is in progress' }
          : { status: 403, type: 'AccessDeniedException', message: 'not now' };
      },
    });
    expect((await run('--samples', '1')).code).toBe(0);
    expect([service.variables, service.counts.write]).toEqual([VARIABLES, 4]);
  });

  it('is said to have the marker still when it cannot be restored, and why the run ended before that', async () => {
    const { service, runAtOnce } = await measuredFunction({
      invoke: () => ({ tail: '', payload: '{"errorType":"Error"}', error: 'Unhandled' }),
      before: ({ operation, count }) =>
        operation === 'write' && count > 1
          ? { status: 403, type: 'AccessDeniedException', message: 'no longer' }
          : undefined,
    });
    const { said, error } = await runAtOnce();
    expect(said).toEqual(['note: Invoking "wiki" fails: the function ends with Error; its log says more']);
    expect(error).toMatchObject({
      code: 'function_unrestored',
      message: expect.stringMatching(
        /^Restoring the environment of "wiki" fails: .*AccessDeniedException: no longer; it still has KITTIWAKE_COLDSTART_MARKER, which the next run takes away$/,
      ),
    });
    expect(Object.keys(service.variables)).toContain(MARKER);
  });

  it('is never printed, not even when the service quotes it', async () => {
    const message = `exceeded the 4KB limit. String measured: ${JSON.stringify(VARIABLES)}`;
    const { service, run } = await measuredFunction(
      once('write', 1, () => ({ status: 400, type: 'InvalidParameterValueException', message })),
    );
    const { code, out, err } = await run();
    expect(code).toBe(1);
    expect(err).toBe(
      'error: Updating the configuration of "wiki" fails: InvalidParameterValueException (function_call_failed)\n',
    );
    expect(out + err).not.toContain(SECRET);
    expect(service.variables).toEqual(VARIABLES);
  });

  it.each([
    [{ State: 'Pending', StateReasonCode: 'Creating' }, 'its state is Pending (Creating)'],
    [{ LastUpdateStatus: 'InProgress' }, 'its last update is InProgress'],
    [
      { LastUpdateStatus: 'Failed', LastUpdateStatusReasonCode: 'DisallowedByVpcEncryptionControl' },
      'Failed',
    ],
  ])('is not touched while the function is %j', async (configuration, text) => {
    const { service, run } = await measuredFunction();
    Object.assign(service.configuration, configuration);
    const { code, err } = await run();
    expect([code, service.counts.write]).toEqual([1, 0]);
    expect(err).toContain(text);
    expect(err).toMatch(/\(function_not_ready\)\n$/);
  });

  it('is not touched when it cannot be read: it would be lost', async () => {
    const { service, run } = await measuredFunction({ variables: {} });
    const denied = { ErrorCode: 'AccessDeniedException', Message: `no key for ${SECRET}` };
    service.configuration.Environment = { Error: denied };
    const { code, err } = await run();
    expect([code, service.counts.write]).toEqual([1, 0]);
    expect(err).toMatch(/its environment cannot be read \(AccessDeniedException\);/);
    expect(err).not.toContain(SECRET);
  });

  it('is not touched where there is no such function', async () => {
    const { service, cli } = await measuredFunction();
    const { code, err } = await cli.run(['coldstart', '--function', 'other']);
    expect([code, service.counts.write]).toEqual([1, 0]);
    expect(err).toMatch(
      /^error: Reading the configuration of "other" fails: ResourceNotFoundException: .* \(function_call_failed\)\n$/,
    );
  });
});
