import { describe, expect, test } from 'vitest';
import { runFresh } from './fresh-process.ts';

describe('modules', () => {
  test('do nothing fallible when they are evaluated, and work once their surroundings do', async () => {
    const { report } = await runFresh('evaluate.child.ts');
    expect(report.files).toBeGreaterThan(100);
    expect(report.failed).toEqual([]);
    expect(report.broken).toEqual(['failed', 503, 503, 503]);
    const wanted = new Map([['PATCH', 409]]);
    for (const [name, status] of report.worked) {
      expect([name, status]).toEqual([name, wanted.get(name) ?? expect.toSatisfy(code => code < 300)]);
    }
    expect(new Set(report.loadedRoutes)).toEqual(new Set(['function']));
  });
});
