import { describe, expect, it } from 'vitest';
import { withPlace } from '../../../src/import/job/row-place.ts';

const failure = { origins: [{ source: 'v.zip', row: 1 }], code: 'x', message: 'y' };
const named = (name: string) => ({ name: 'v.zip', nameOf: () => name });

describe('the name of a row that is a file', () => {
  it('is cut at its beginning where it is long', () => {
    const { place = '' } = withPlace(failure, named(`${'a/'.repeat(1_000)}end.md`));
    expect(place).toHaveLength(300);
    expect(place).toMatch(/^….*\/end\.md$/);
  });

  it('moves no cursor, and turns no text around', () => {
    expect(withPlace(failure, named('a\u009b2J\u202egpj.md'))).toMatchObject({
      place: 'a\ufffd2J\ufffdgpj.md',
    });
  });

  it('is not that of a row of another source, nor of a table', () => {
    expect(withPlace(failure, { name: 'other', nameOf: () => 'x' })).toBe(failure);
    expect(withPlace(failure, { name: 'v.zip' })).toBe(failure);
  });
});
