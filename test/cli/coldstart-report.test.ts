import { describe, expect, it } from 'vitest';
import { readReport } from '../../src/cli/coldstart/report.ts';
import { sampleOf } from '../../src/cli/coldstart/sample.ts';

const ID = 'c793869b-ee49-115b-a5b6-4fd21e8dedac';
const COLD = `REPORT RequestId: ${ID}\tDuration: 55.42 ms\tBilled Duration: 186 ms\tMemory Size: 128 MB\tMax Memory Used: 70 MB\tInit Duration: 130.55 ms\t`;
const MEASURES = { initMs: 130.55, durationMs: 55.42, billedMs: 186, memoryMb: 128, maxMemoryMb: 70 };

const lines = (...all: string[]) => `${all.join('\n')}\n`;

/** As the platform writes it where the log format is JSON. */
function platform(type: string, record: object, time = '2026-11-21T10:00:00.000Z'): string {
  return JSON.stringify({ time, type: `platform.${type}`, record });
}

const METRICS = {
  durationMs: 55.42,
  billedDurationMs: 186,
  memorySizeMB: 128,
  maxMemoryUsedMB: 70,
  initDurationMs: 130.55,
};

/** Times and memory that are found in a log. */
function measuresIn(tail: string): Record<string, unknown> {
  const found = Object.entries(readReport(tail, ID) ?? {});
  return Object.fromEntries(found.filter(([name]) => name in MEASURES));
}

describe('the report of an invocation', () => {
  it('is read of a cold start in text', () => {
    const tail = lines(
      'INIT_START Runtime Version: nodejs:24.v12\tRuntime Version ARN: arn:aws:lambda:eu-central-1::runtime:0123',
      `START RequestId: ${ID} Version: $LATEST`,
      `2026-11-21T10:00:00.000Z\t${ID}\tINFO\thello`,
      `END RequestId: ${ID}`,
      COLD,
    );
    expect(readReport(tail, ID)).toEqual({ ...MEASURES, isInitRepeated: false });
  });

  it('is read with a trace behind it', () => {
    const tail = `${COLD}\nXRAY TraceId: 1-5e34a614-10bdxmplf1fb44f07bc535a1\tSegmentId: 07f5xmpl2d1f6f85\tSampled: true\t\n`;
    expect(readReport(tail, ID)).toMatchObject(MEASURES);
    expect(readReport(tail.replace('\n', ''), ID)).toMatchObject(MEASURES);
  });

  it('has no init where the environment was there, also in the spacing of older logs', () => {
    const tail = `REPORT RequestId: ${ID}\tDuration: 89.34 ms\tBilled Duration: 100 ms \tMemory Size: 128 MB\tMax Memory Used: 111 MB\t\n`;
    expect(readReport(tail, ID)).toEqual({
      durationMs: 89.34,
      billedMs: 100,
      memoryMb: 128,
      maxMemoryMb: 111,
      isInitRepeated: false,
    });
  });

  it('tells a restored snapshot from an init', () => {
    const tail = `REPORT RequestId: ${ID}\tDuration: 1.00 ms\tBilled Duration: 2 ms\tMemory Size: 512 MB\tMax Memory Used: 90 MB\tRestore Duration: 474.16 ms\tBilled Restore Duration: 205 ms\t\n`;
    const report = readReport(tail, ID);
    expect(report).toMatchObject({ restoreMs: 474.16, billedMs: 2 });
    expect(report).not.toHaveProperty('initMs');
  });

  it('tells a timeout and an error', () => {
    expect(readReport(`${COLD}Status: timeout\n`, ID)).toMatchObject({ ...MEASURES, status: 'timeout' });
    expect(readReport(`${COLD}Status: error\tError Type: Runtime.ExitError\n`, ID)).toMatchObject({
      ...MEASURES,
      status: 'error',
    });
  });

  it.each([
    'INIT_REPORT Init Duration: 9999.89 ms\tPhase: init\tStatus: timeout',
    'INIT_REPORT Init Duration: 2.46 ms\tPhase: init\tStatus: error\tError Type: Runtime.ImportModuleError',
    'INIT_REPORT Init Duration: 1236.04 ms\tPhase: invoke\tStatus: error\tError Type: Runtime.ExitError',
    platform('initReport', { phase: 'init', status: 'timeout', metrics: { durationMs: 10_000 } }),
  ])('tells that init was done again after %s', line => {
    expect(readReport(lines(line, COLD), ID)).toMatchObject({ ...MEASURES, isInitRepeated: true });
  });

  it('is that of the request, whatever the function logs', () => {
    const other = COLD.replace(ID, '00000000-0000-0000-0000-000000000000').replace('130.55', '1');
    expect(readReport(lines(COLD, other, 'REPORT RequestId: x'), ID)).toMatchObject(MEASURES);
    expect(readReport(lines('hello', other), ID)).toBeUndefined();
    expect(readReport('', ID)).toBeUndefined();
  });

  it('takes nothing for what it is not, wherever the log is cut', () => {
    const tail = `${COLD}\nXRAY TraceId: 1-5e34a614\tSegmentId: 07f5\tSampled: true\t\n`;
    for (let cut = 1; cut < COLD.length; cut += 1) {
      expect(MEASURES, `cut at ${cut}`).toMatchObject(measuresIn(tail.slice(cut)));
    }
    expect(readReport(tail.slice(20), ID)).toMatchObject(MEASURES);
    expect(readReport(tail.slice(COLD.indexOf('Billed') + 7), ID)).not.toHaveProperty('durationMs');
  });

  it('is read in JSON, whole and cut', () => {
    const line = platform('report', { requestId: ID, metrics: METRICS, status: 'success' });
    const tail = lines(platform('start', { requestId: ID, version: '$LATEST' }), '{"message":"x"}', line);
    expect(readReport(tail, ID)).toEqual({ ...MEASURES, status: 'success', isInitRepeated: false });
    for (let cut = 1; cut < line.length; cut += 1) {
      expect(MEASURES, `cut at ${cut}`).toMatchObject(measuresIn(`${line.slice(cut)}\n`));
    }
    expect(readReport(`${line.slice(60)}\n`, ID)).toMatchObject(MEASURES);
  });
});

describe('an invocation as a sample', () => {
  const invocation = {
    requestId: ID,
    attempts: 1,
    clientMs: 400,
    tail: `${COLD}\n`,
    isError: false,
    payload: '',
  };

  it('has init and the first invocation, alone and together', () => {
    const { memoryMb: _, ...measures } = MEASURES;
    const totalMs = MEASURES.initMs + MEASURES.durationMs;
    expect(sampleOf(invocation)).toEqual({ sample: { ...measures, totalMs, clientMs: 400 } });
  });

  it('is none when init and invocation took longer than the call: init was done ahead', () => {
    expect(sampleOf({ ...invocation, clientMs: 185 })).toEqual({ dropped: 'ahead', billedMs: 186 });
    expect(sampleOf({ ...invocation, clientMs: 187 })).toHaveProperty('sample');
  });

  it('is none when the log has a pause between init and invocation', () => {
    const at = (startTime: string) =>
      lines(
        platform('initStart', { initializationType: 'on-demand', phase: 'init' }, '2026-11-21T10:00:00.000Z'),
        platform('start', { requestId: ID, version: '$LATEST' }, startTime),
        platform('report', { requestId: ID, metrics: METRICS, status: 'success' }),
      );
    expect(sampleOf({ ...invocation, tail: at('2026-11-21T10:00:00.140Z') })).toHaveProperty('sample');
    expect(sampleOf({ ...invocation, tail: at('2026-11-21T10:00:09.000Z') })).toMatchObject({
      dropped: 'ahead',
    });
  });

  it('is none when the call was sent again, when init was repeated, and when something is missing', () => {
    expect(sampleOf({ ...invocation, attempts: 2 })).toMatchObject({ dropped: 'resent' });
    const failed = 'INIT_REPORT Init Duration: 9999.89 ms\tPhase: init\tStatus: timeout\n';
    expect(sampleOf({ ...invocation, tail: `${failed}${COLD}\n` })).toMatchObject({ dropped: 'repeated' });
    const cut = `${COLD}\n`.slice(COLD.indexOf('Billed'));
    expect(sampleOf({ ...invocation, tail: cut })).toMatchObject({ dropped: 'unreadable' });
  });
});
