import { describe, expect, test } from 'vitest';
import { decodeUtf8, hashParts } from '../../src/core/bytes.ts';
import { gather } from '../../src/core/streams.ts';

async function* stream(...parts: string[]) {
  for (const part of parts) yield Buffer.from(part);
}

describe('gather', () => {
  test('joins a stream', async () => {
    expect(String(await gather(stream('ab', '', 'c'), 3))).toBe('abc');
    expect(String(await gather(stream(), 0))).toBe('');
    expect(String(await gather(Buffer.from('abc'), 3))).toBe('abc');
  });

  test('stops as soon as it is too long', async () => {
    let read = 0;
    const source = (async function* () {
      while (true) {
        read++;
        yield Buffer.alloc(10);
      }
    })();
    expect(await gather(source, 25)).toBeUndefined();
    expect(read).toBe(3);
    expect(await gather(Buffer.alloc(4), 3)).toBeUndefined();
  });
});

describe('bytes', () => {
  test('two lists of parts never have one hash', () => {
    const hashes = [hashParts('a', 'bc'), hashParts('ab', 'c'), hashParts('abc'), hashParts('a', 'bc', '')];
    expect(new Set(hashes).size).toBe(4);
    expect(hashParts('ä')).toBe(hashParts(Buffer.from('ä')));
  });

  test('only UTF-8 is text', () => {
    expect(decodeUtf8(Buffer.from('ä\0'))).toBe('ä\0');
    expect(decodeUtf8(Buffer.from([0xef, 0xbb, 0xbf, 0x61]))).toBe('\ufeffa');
    expect(decodeUtf8(Buffer.from([0x61, 0xff]))).toBeUndefined();
  });
});
