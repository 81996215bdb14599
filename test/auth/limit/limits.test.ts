import { describe, expect, test } from 'vitest';
import { callerAddress } from '../../../src/auth/limit/caller-address.ts';
import { FailedAttempts } from '../../../src/auth/limit/failed-attempts.ts';
import { RateLimiter } from '../../../src/auth/limit/rate-limiter.ts';
import { KittiwakeError } from '../../../src/core/errors.ts';

describe('a rate limiter', () => {
  test('lets a minute’s requests through at once, then one after the other', () => {
    const clock = { ms: 0 };
    const limiter = new RateLimiter({ perMinute: 60, now: () => clock.ms });
    const passed = Array.from({ length: 100 }, () => limiter.take('a')).filter(wait => wait === undefined);
    expect(passed).toHaveLength(60);
    expect(limiter.take('a')).toBe(1000);
    expect(limiter.take('b')).toBeUndefined();
    clock.ms += 999;
    expect(limiter.take('a')).toBeLessThanOrEqual(2);
    clock.ms += 2;
    expect([limiter.take('a'), limiter.take('a')]).toEqual([undefined, expect.any(Number)]);
  });

  test('saves nothing up beyond a minute, and survives a clock that goes back', () => {
    const clock = { ms: 1_000_000 };
    const limiter = new RateLimiter({ perMinute: 2, now: () => clock.ms });
    limiter.take('a');
    clock.ms += 3_600_000;
    expect([limiter.take('a'), limiter.take('a'), limiter.take('a')]).toEqual([undefined, undefined, 30_000]);
    clock.ms -= 7_200_000;
    expect(limiter.take('a')).toBe(30_000);
    clock.ms += 30_000;
    expect(limiter.take('a')).toBeUndefined();
  });

  test('remembers no more callers than it may', () => {
    const limiter = new RateLimiter({ perMinute: 1, maxCallers: 10, now: () => 0 });
    limiter.take('first');
    for (let caller = 0; caller < 1_000; caller += 1) limiter.take(`caller-${caller}`);
    expect(limiter.take('first')).toBeUndefined();
    expect(limiter.take('caller-999')).toBe(60_000);
  });
});

describe('failed attempts', () => {
  const wrong = () => Promise.reject(new KittiwakeError('auth_invalid', 'Invalid'));
  const codes = async (attempts: readonly Promise<unknown>[]) => {
    const settled = await Promise.allSettled(attempts);
    return settled.map(each => (each.status === 'rejected' ? each.reason.code : 'passed'));
  };
  const times = <T>(count: number, make: (index: number) => T) =>
    Array.from({ length: count }, (_, index) => make(index));

  test('at one account are limited before those of the address, also when they come side by side', async () => {
    const attempts = new FailedAttempts(() => 0);
    const found = await codes(times(12, () => attempts.counted('192.0.2.1', 'ann@example.org', wrong)));
    expect(found).toEqual([...times(10, () => 'auth_invalid'), 'rate_limited', 'rate_limited']);
    expect(await codes([attempts.counted('192.0.2.1', 'bert@example.org', wrong)])).toEqual(['auth_invalid']);
    expect(await codes([attempts.counted('192.0.2.2', 'ann@example.org', wrong)])).toEqual(['auth_invalid']);
  });

  test('are what is counted: neither what succeeds nor what breaks', async () => {
    const attempts = new FailedAttempts(() => 0);
    for (let round = 0; round < 100; round += 1) {
      await attempts.counted('192.0.2.1', undefined, async () => 'found');
      await expect(
        attempts.counted('192.0.2.1', undefined, () => Promise.reject(new Error('down'))),
      ).rejects.toThrow('down');
    }
  });

  test('of many addresses together are limited, too', async () => {
    const attempts = new FailedAttempts(() => 0);
    const found = await codes(times(150, index => attempts.counted(`192.0.2.${index}`, undefined, wrong)));
    expect(found.filter(code => code === 'auth_invalid')).toHaveLength(100);
  });
});

describe('the address of a caller', () => {
  const from = (forwarded: string, peerAddress: string, isThroughDoor: boolean) =>
    callerAddress({ headers: { 'x-forwarded-for': forwarded }, peerAddress }, isThroughDoor);

  test('is that of the connection, whatever it says, where nobody known stands in front', () => {
    expect(from('203.0.113.9', '192.0.2.1', false)).toBe('192.0.2.1');
  });

  test('is the last one that a known proxy has added', () => {
    expect(from('6.6.6.6, 203.0.113.9', '192.0.2.1', true)).toBe('203.0.113.9');
    expect(from('6.6.6.6, 203.0.113.9, 192.0.2.1', '192.0.2.1', true)).toBe('203.0.113.9');
    expect(from('', '192.0.2.1', true)).toBe('192.0.2.1');
    expect(from('unknown, <script>', '192.0.2.1', true)).toBe('192.0.2.1');
    expect(from('203.0.113.9:50211', '192.0.2.1', true)).toBe('203.0.113.9');
    expect(from('[2001:db8:0:1::2]:50211', '192.0.2.1', true)).toBe('2001:db8:0:1');
  });

  test('is of IPv6 the network', () => {
    expect(from('', '2001:db8:0:1:aaaa::1', false)).toBe('2001:db8:0:1');
    expect(from('', '2001:0DB8:0000:0001::2', false)).toBe('2001:db8:0:1');
    expect(from('', '2001:db8::2', false)).toBe('2001:db8:0:0');
    expect(from('', '::ffff:192.0.2.1', false)).toBe('192.0.2.1');
    expect(from('', '::1', false)).toBe('0:0:0:0');
  });
});
