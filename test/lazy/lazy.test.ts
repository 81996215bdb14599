import { describe, expect, test } from 'vitest';
import { lazy } from '../../src/lazy/lazy.ts';

function recorder() {
  let now = 0;
  const records: [string, number][] = [];
  return {
    records,
    pass: (ms: number) => {
      now += ms;
    },
    now: () => now,
    record: (name: string, durationMs: number) => void records.push([name, durationMs]),
  };
}

describe('lazy', () => {
  test('does nothing until it is called, and then once', async () => {
    let made = 0;
    const value = lazy('thing', recorder(), () => ({ made: ++made }));
    expect([made, value.peek()]).toEqual([0, undefined]);
    expect(await value()).toBe(await value());
    expect([made, value.peek()]).toEqual([1, { made: 1 }]);
  });

  test('is shared by those who call while it is being made', async () => {
    let made = 0;
    const value = lazy('thing', recorder(), async () => {
      await Promise.resolve();
      return { made: ++made };
    });
    const values = await Promise.all([value(), value(), value()]);
    expect(new Set(values).size).toBe(1);
    expect(made).toBe(1);
  });

  test('forgets a failure, for all who shared it', async () => {
    let attempts = 0;
    const value = lazy('thing', recorder(), async () => {
      attempts++;
      if (attempts === 1) throw new Error('disk full');
      return attempts;
    });
    const failed = await Promise.allSettled([value(), value()]);
    expect(failed.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    expect(attempts).toBe(1);
    expect(await value()).toBe(2);
  });

  test('turns what is thrown at once into a rejection', async () => {
    const value = lazy('thing', recorder(), () => {
      throw new Error('at once');
    });
    await expect(value()).rejects.toThrow('at once');
  });

  test('a failure nobody waits for any more does not end the process', async () => {
    const value = lazy('thing', recorder(), async () => {
      throw new Error('nobody cares');
    });
    value().catch(() => {});
    await new Promise(resolve => setImmediate(resolve));
    expect(value.peek()).toBeUndefined();
  });

  test('is made again after a reset, also while it was being made', async () => {
    const gates: (() => void)[] = [];
    let made = 0;
    const value = lazy('thing', recorder(), async () => {
      const number = ++made;
      await new Promise<void>(resolve => gates.push(resolve));
      return number;
    });
    const first = value();
    value.reset();
    const second = value();
    for (const open of gates) open();
    expect(await first).toBe(1);
    expect(await second).toBe(2);
    expect(await value()).toBe(2);
    expect(value.peek()).toBe(2);
  });

  test('records how long a success took', async () => {
    const times = recorder();
    let attempts = 0;
    const value = lazy('thing', times, async () => {
      times.pass(5);
      attempts++;
      if (attempts === 1) throw new Error('no');
    });
    await value().catch(() => {});
    await value();
    expect(times.records).toEqual([['thing', 5]]);
    expect(value.name).toBe('thing');
  });
});
