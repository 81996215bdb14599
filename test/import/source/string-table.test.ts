import { readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { StringTable } from '../../../src/import/source/xlsx/string-table.ts';

describe('a table of strings', () => {
  it('answers them in any order, from memory and from its file', () => {
    const texts = fc.array(fc.tuple(fc.string({ unit: 'grapheme' }), fc.constantFrom(1, 1000, 90_000)), {
      minLength: 20,
      maxLength: 60,
    });
    const property = fc.property(texts, fc.array(fc.nat()), (made, order) => {
      const table = new StringTable(1);
      try {
        const wanted = made.map(([text, times]) => text.repeat(times));
        for (const text of wanted) table.add(text);
        const indexes = [...wanted.keys(), ...order.map(n => n % wanted.length)];
        for (const index of indexes) expect(table.get(index) === wanted[index]).toBe(true);
      } finally {
        table.close();
      }
    });
    fc.assert(property, { numRuns: 10 });
  });

  it('tells of a string that was too large, and of one that is not there', () => {
    const table = new StringTable();
    table.add('a');
    table.add(undefined);
    table.add('c');
    expect([table.get(0), table.get(1), table.get(2), table.count]).toEqual(['a', undefined, 'c', 3]);
    for (const index of [3, -1, 0.5, Number.NaN]) expect(() => table.get(index)).toThrow(RangeError);
  });

  it('leaves no file behind, while it is used too', () => {
    const table = new StringTable(1);
    for (let n = 0; n < 40; n++) table.add(String(n).repeat(100_000));
    expect(readdirSync(tmpdir()).filter(name => name.startsWith('kittiwake-strings-'))).toEqual([]);
    expect(table.get(5)).toBe('5'.repeat(100_000));
    table.close();
  });
});
