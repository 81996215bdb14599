import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { NearestPath } from '../../../src/projection/report/nearest-path.ts';

const of = (...keys: string[]) => new NearestPath(new Map(keys.map(key => [key, `${key}.md`])));

describe('NearestPath', () => {
  it('finds a path two edits away, the nearer first', () => {
    expect(of('docs/setup', 'docs/setups').of('docs/setpu')).toBe('docs/setup.md');
    expect(of('docs/setup', 'docs/setups').of('docs/setupss')).toBe('docs/setups.md');
    expect(of('docs/setup').of('docs/start')).toBeUndefined();
  });

  it('takes no short name for another one', () => {
    expect(of('ab', 'cat').of('xy')).toBeUndefined();
    expect(of('cat').of('cut')).toBe('cat.md');
  });

  it('finds a page of the name in another folder', () => {
    expect(of('docs/setup', 'new/setup').of('old/place/setup')).toBe('docs/setup.md');
  });

  it('finds each path that differs in one letter from what is asked', () => {
    const key = fc.string({ unit: fc.constantFrom('a', 'b', 'é', '/', '東'), minLength: 3, maxLength: 12 });
    fc.assert(
      fc.property(key, fc.nat(), fc.constantFrom('', 'x', 'xx'), (known, at, change) => {
        const place = at % known.length;
        const asked = known.slice(0, place) + change + known.slice(place + 1);
        fc.pre(asked !== known && asked.length > 4);
        expect(of(known).of(asked)).toBe(`${known}.md`);
      }),
    );
  });
});
