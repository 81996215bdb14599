import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { afterAll, afterEach, describe, expect, it, vi } from 'vitest';
import type { Measurement } from '../../src/cli/coldstart/measurement.ts';
import { temporaryFolder } from '../support/cli.ts';
import { type LambdaServiceOptions, textTail } from '../support/lambda-service.ts';
import { measuredFunction, SECRET, VARIABLES } from './coldstart-support.ts';

const folder = temporaryFolder();
afterAll(() => folder.remove());
afterEach(() => vi.unstubAllEnvs());

const MARKER = 'KITTIWAKE_COLDSTART_MARKER';

describe('kittiwake coldstart', () => {
  it('measures one cold start per sample, each with another marker, and leaves the function as it was', async () => {
    const seen: { variables: Record<string, string>; event: string }[] = [];
    const invoke: LambdaServiceOptions['invoke'] = call => {
      seen.push(call);
      return { tail: textTail(call, call.count) };
    };
    const { service, run } = await measuredFunction({ invoke });
    const { code, out, err } = await run('--samples', '3');
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toMatch(
      /^Cold starts of "wiki" in eu-central-1: nodejs24\.x, arm64, 1769 MB\n3 samples; dropped: none\n/,
    );
    expect(out).toMatch(/^ +min +p50 +p90 +p99 +max\ninit, ms +1\.0 +2\.0 +3\.0 +3\.0 +3\.0$/m);
    expect(out).toMatch(
      /^first invocation, ms +1\.5 +1\.5 .*\nboth, ms +2\.5 +3\.5 .*\nbilled, ms +4 .*\nmemory used, MB +70 /m,
    );
    expect(out).toMatch(/^Billed for this: 3 invocations, 12 ms, 0\.02 GB-s$/m);
    expect(new Set(seen.map(({ variables }) => variables[MARKER])).size).toBe(3);
    expect(seen[0]?.variables).toMatchObject(VARIABLES);
    expect(JSON.parse(seen[0]?.event ?? '')).toMatchObject({ rawPath: '/api/v1/health', headers: {} });
    expect(service.variables).toEqual(VARIABLES);
    expect(out).not.toContain(SECRET);
  });

  it('leaves a function without variables without variables', async () => {
    const { service, run } = await measuredFunction({ variables: {} });
    expect((await run('--samples', '1')).code).toBe(0);
    expect(service.variables).toEqual({});
  });

  it('drops invocations that are no cold starts or were initialised ahead, takes others in their place, and bills all', async () => {
    const invoke: LambdaServiceOptions['invoke'] = call => {
      if (call.count === 1) return { tail: textTail({ ...call, isCold: false }) };
      if (call.count === 2) return { tail: textTail(call, 60_000) };
      if (call.count === 3) return { tail: 'START\n' };
      return { tail: textTail(call) };
    };
    const { run } = await measuredFunction({ invoke });
    const { code, out } = await run('--samples', '2');
    expect(code).toBe(0);
    expect(out).toContain(
      '2 samples; dropped: 1 without Init Duration: the environment was there already; 1 initialised ahead of the request; 1 without a report at the end of the log\n',
    );
    expect(out).toContain('Billed for this: 5 invocations, 16 ms');
  });

  it('gives up when no invocation at all is a cold start', async () => {
    const { service, run } = await measuredFunction({ invoke: () => ({ tail: '' }) });
    const { code, out, err } = await run();
    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(err).toBe(
      'error: Measuring "wiki" fails: none of 5 invocations can be used (5 without a report at the end of the log) (cold_starts_absent)\n',
    );
    expect(service.variables).toEqual(VARIABLES);
  });

  it('writes its samples, and says what is beyond noise compared with an earlier run', async () => {
    let initMs = 1;
    const invoke: LambdaServiceOptions['invoke'] = call => ({
      tail: textTail(call, initMs + call.count / 10),
    });
    const { service, run } = await measuredFunction({ invoke, pollsInProgress: 0 });
    const [before, after] = [folder.path('before.json'), folder.path('after.json')];
    expect((await run('--samples', '8', '--json', before)).code).toBe(0);
    const written: Measurement = JSON.parse(readFileSync(before, 'utf8'));
    expect(written.samples).toHaveLength(8);
    expect(written.percentiles.initMs.min).toBeCloseTo(1.1);
    expect(written).toMatchObject({
      format: 1,
      function: 'wiki',
      region: 'eu-central-1',
      event: 'health',
      dropped: {},
    });
    expect(JSON.stringify(written)).not.toContain(SECRET);
    initMs = 4;
    service.configuration.MemorySize = 512;
    const { out } = await run('--samples', '8', '--compare', before, '--json', after);
    expect(out).toMatch(
      /^Compared with 20\S+Z, 8 samples of "wiki" in eu-central-1\nnote: another memory, MB: "1769" before, "512" now$/m,
    );
    expect(out).toMatch(/^init, ms +1\.4 +5\.2 +\+3\.8 +\d\.\d{3} +yes \(p = 0\.000\d\)$/m);
    expect(out).toMatch(/^first invocation, ms +1\.5 +1\.5 +\+0\.0 +1\.000 +no \(p = 1\.0000\)$/m);
    const few = await run('--samples', '1', '--compare', after);
    expect(few.out).toMatch(/^init, ms .* unknown: needs 8 samples$/m);
  });

  it('ends when the function fails, telling the type of the error only, and restores', async () => {
    const payload = JSON.stringify({ errorType: 'Runtime.ImportModuleError', errorMessage: `no ${SECRET}` });
    const invoke: LambdaServiceOptions['invoke'] = () => ({
      tail: `${SECRET}\n`,
      payload,
      error: 'Unhandled',
    });
    const { service, run } = await measuredFunction({ invoke });
    const { code, out, err } = await run();
    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(err).toBe(
      'error: Invoking "wiki" fails: the function ends with Runtime.ImportModuleError; its log says more (function_failed)\n',
    );
    expect(service.variables).toEqual(VARIABLES);
  });

  it('warns when the function refused the requests that it measured', async () => {
    const invoke: LambdaServiceOptions['invoke'] = call => ({
      tail: textTail(call),
      payload: '{"statusCode":403}',
    });
    const { run } = await measuredFunction({ invoke });
    expect((await run('--samples', '1')).err).toBe(
      'warning: The function answered 403: this is what was measured\n',
    );
  });

  it('says that it came through the front where the function has one', async () => {
    let event = '';
    const variables = { KITTIWAKE_ORIGIN_SECRET: SECRET };
    const invoke: LambdaServiceOptions['invoke'] = call => {
      event = call.event;
      return { tail: textTail(call) };
    };
    const { run } = await measuredFunction({ variables, invoke });
    const { out, err } = await run('--samples', '1', '--json', folder.path('front.json'));
    expect(JSON.parse(event).headers['x-kittiwake-origin']).toBe(SECRET);
    expect(out + err + readFileSync(folder.path('front.json'), 'utf8')).not.toContain(SECRET);
  });

  it('sends an event that may change something only when told that this is meant', async () => {
    const events: string[] = [];
    const invoke: LambdaServiceOptions['invoke'] = call => {
      events.push(call.event);
      return { tail: textTail(call) };
    };
    const { service, run } = await measuredFunction({ invoke });
    const [put, get] = [folder.path('put.json'), folder.path('get.json')];
    writeFileSync(put, JSON.stringify({ requestContext: { http: { method: 'PUT' } } }));
    writeFileSync(get, JSON.stringify({ requestContext: { http: { method: 'GET' } } }));
    const refused = await run('--samples', '1', '--event', put);
    expect([refused.code, service.counts.read]).toEqual([2, 0]);
    expect(refused.err).toMatch(/--allow-writes says that this is meant \(usage\)\n$/);
    expect((await run('--samples', '1', '--event', put, '--allow-writes')).code).toBe(0);
    expect((await run('--samples', '1', '--event', get)).code).toBe(0);
    expect(events).toEqual([readFileSync(put, 'utf8'), readFileSync(get, 'utf8')]);
  });

  it.each([
    [['--function', 'wiki:live'], 'a plain name'],
    [['--function', 'arn:aws:lambda:eu-central-1:123456789012:function:wiki'], 'a plain name'],
    [['--function', 'a/wiki'], 'a plain name'],
    [[], 'Missing --function'],
    [['--function', 'wiki', '--samples', '0'], 'from 1 to 1000'],
    [['--function', 'wiki', '--samples', 'ten'], 'from 1 to 1000'],
    [['--function', 'wiki', '--compare', '/nonexistent'], 'that "kittiwake coldstart --json" wrote'],
    [['--function', 'wiki', '--event', '/nonexistent'], 'a file of JSON'],
  ])('refuses %j as wrong use before it calls anything', async (args, text) => {
    const { service, cli } = await measuredFunction();
    const { code, out, err } = await cli.run(['coldstart', ...args]);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toContain(text);
    expect(service.counts).toEqual({ read: 0, write: 0, invoke: 0 });
  });

  it('needs a region', async () => {
    const { run } = await measuredFunction();
    vi.stubEnv('AWS_REGION', '');
    const { code, err } = await run();
    expect([code, err]).toEqual([2, expect.stringMatching(/^error: Missing --region: .* \(usage\)\n$/)]);
    expect((await run('--region', 'eu-west-1', '--samples', '1')).out).toContain(' in eu-west-1: ');
  });

  it('finds out before it measures that the result cannot be written', async () => {
    const { service, run } = await measuredFunction();
    const { code, err } = await run('--json', folder.path('none', 'x.json'));
    expect([code, err]).toEqual([1, expect.stringMatching(/\(target_failed\)\n$/)]);
    expect(service.counts.read).toBe(0);
    expect(existsSync(folder.path('none'))).toBe(false);
  });
});
