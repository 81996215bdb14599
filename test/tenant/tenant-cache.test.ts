import { expect, test } from 'vitest';
import { TenantCache } from '../../src/lazy/tenant-cache.ts';

function setUp(maxOpen: number) {
  const opened: string[] = [];
  const closed: string[] = [];
  const errors: unknown[] = [];
  const cache = new TenantCache({
    maxOpen,
    open: (uuid: string) => {
      opened.push(uuid);
      return {
        uuid,
        close: async () => {
          if (uuid === 'broken') throw new Error('It cannot be closed');
          closed.push(uuid);
        },
      };
    },
    onError: error => errors.push(error),
  });
  return { cache, opened, closed, errors };
}

test('those who use a wiki at once share what belongs to it', () => {
  const { cache, opened } = setUp(2);
  const [first, second] = [cache.lease('a', 'anna'), cache.lease('a', 'anna')];
  expect(first.handles).toBe(second.handles);
  expect(opened).toEqual(['a']);
});

test('a wiki that was opened without its name is opened anew by who knows it', () => {
  const { cache, opened, closed } = setUp(2);
  const nameless = cache.lease('a', 'a');
  const named = cache.lease('a', 'anna');
  expect(named.handles).not.toBe(nameless.handles);
  expect(closed).toEqual([]);
  nameless.release();
  expect([opened, closed]).toEqual([['a', 'a'], ['a']]);
  for (const name of ['a', 'anna']) expect(cache.lease('a', name).handles).toBe(named.handles);
});

test('the least recently used wiki is closed', () => {
  const { cache, closed } = setUp(2);
  for (const uuid of ['a', 'b', 'a', 'c']) cache.lease(uuid, uuid).release();
  expect(closed).toEqual(['b']);
  expect(cache.size).toBe(2);
});

test('a wiki in use is not closed, however many are open', () => {
  const { cache, closed } = setUp(1);
  const leases = ['a', 'b', 'c'].map(uuid => cache.lease(uuid, uuid));
  expect(closed).toEqual([]);
  for (const lease of leases) lease.release();
  expect(closed).toHaveLength(2);
  expect(cache.size).toBe(1);
});

test('to give a wiki back twice gives it back once', () => {
  const { cache, closed } = setUp(1);
  const first = cache.lease('a', 'a');
  cache.lease('a', 'a');
  first.release();
  first.release();
  cache.lease('b', 'b').release();
  expect(closed).toEqual(['b']);
});

test('a wiki that is dropped in use is closed when it is given back, and opened anew meanwhile', () => {
  const { cache, closed, opened } = setUp(2);
  const first = cache.lease('a', 'a');
  cache.drop('a');
  const second = cache.lease('a', 'a');
  expect(second.handles).not.toBe(first.handles);
  expect(closed).toEqual([]);
  first.release();
  expect(closed).toEqual(['a']);
  expect(opened).toEqual(['a', 'a']);
});

test('closing waits for all that is being closed', async () => {
  const { cache, closed } = setUp(2);
  for (const uuid of ['a', 'b', 'c']) cache.lease(uuid, uuid);
  await cache.close();
  expect(closed.toSorted()).toEqual(['a', 'b', 'c']);
  expect(cache.size).toBe(0);
});

test('what cannot be closed is told of, and keeps nothing else open', async () => {
  const { cache, errors, closed } = setUp(1);
  for (const uuid of ['broken', 'b', 'c']) cache.lease(uuid, uuid).release();
  await cache.close();
  expect(errors).toHaveLength(1);
  expect(closed.toSorted()).toEqual(['b', 'c']);
});
