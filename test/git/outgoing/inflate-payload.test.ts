import { deflateSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { deflateDelta } from '../../../src/git/object/deflate.ts';
import { inflatePayload } from '../../../src/git/outgoing/inflate-payload.ts';

const bytes = Buffer.from('an id that does not shrink');

test.each([
  ['as zlib stores it', deflateSync(bytes, { level: 0 })],
  ['as short deltas lie', deflateDelta(bytes)],
  ['deflated', deflateSync(bytes)],
])('a payload comes back: %s', (_, deflated) => {
  expect(inflatePayload(deflated, bytes.length)).toEqual(bytes);
});

test('an undeflated payload of several blocks comes back', () => {
  const long = Buffer.alloc(70_000, 7);
  expect(inflatePayload(deflateSync(long, { level: 0 }), long.length)).toEqual(long);
});

test.each([
  ['a byte', 9],
  ['the length', 3],
  ['the checksum', -1],
])('an undeflated payload is refused when %s of it is wrong', (_, at) => {
  const stored = deflateDelta(bytes);
  const place = at < 0 ? stored.length + at : at;
  stored[place] = (stored[place] as number) ^ 1;
  expect(() => inflatePayload(stored, bytes.length)).toThrow(
    expect.objectContaining({ code: 'pack_corrupt' }),
  );
});

test('a payload of another size than its header says is refused', () => {
  expect(() => inflatePayload(deflateDelta(bytes), bytes.length - 1)).toThrow(
    expect.objectContaining({ code: 'pack_corrupt' }),
  );
});
