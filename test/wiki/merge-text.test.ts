import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { similarity } from '../../src/wiki/history/similarity.ts';
import { mergeText, unifiedDiff } from '../../src/wiki/markup/merge-text.ts';

describe('a three-way merge', () => {
  it.each([
    ['one side changed', 'a\nb\n', 'a\nb\n', 'a\nB\n', 'a\nB\n'],
    ['both made the same change', 'a\nb\n', 'a\nB\n', 'a\nB\n', 'a\nB\n'],
    ['far apart', 'a\nb\nc\nd\n', 'A\nb\nc\nd\n', 'a\nb\nc\nD\n', 'A\nb\nc\nD\n'],
    ['one appended, one prepended', 'a\n', '0\na\n', 'a\nz\n', '0\na\nz\n'],
    ['one removed, one changed elsewhere', 'a\nb\nc\nd\n', 'b\nc\nd\n', 'a\nb\nc\nD\n', 'b\nc\nD\n'],
    ['a final line break lost on one side', 'a\nb\nc\n', 'A\nb\nc\n', 'a\nb\nc', 'A\nb\nc'],
    ['line ends changed on one side', 'a\r\nb\r\nc\r\n', 'A\r\nb\r\nc\r\n', 'a\nb\nC\n', 'A\r\nb\r\nC\r\n'],
    ['line ends of the page', 'a\nb\nc\n', 'A\nb\nc\n', 'a\r\nb\r\nC\r\n', 'A\nb\nC\n'],
  ])('is clean where %s', async (_, base, current, proposed, text) => {
    expect(await mergeText(base, current, proposed)).toEqual({ kind: 'clean', text });
  });

  it('shows where both changed the same lines', async () => {
    expect(await mergeText('a\nb\nc\n', 'a\nx\nc\n', 'a\ny\nz\nc\n')).toEqual({
      kind: 'conflict',
      hunks: [{ base: 'b', current: 'x', proposed: 'y\nz', line: 2 }],
    });
    expect(await mergeText('', 'x', 'y')).toMatchObject({ kind: 'conflict' });
  });

  it('takes either side whole when the other did nothing', async () => {
    const text = fc
      .array(fc.constantFrom('a', 'b', '', 'c\r'), { maxLength: 8 })
      .map(lines => lines.join('\n'));
    await fc.assert(
      fc.asyncProperty(text, text, async (base, other) => {
        expect(await mergeText(base, other, base)).toEqual({ kind: 'clean', text: other });
        expect(await mergeText(base, base, other)).toEqual({ kind: 'clean', text: other });
      }),
    );
  });

  it('leaves no line of either side out', async () => {
    const lines = fc.array(fc.constantFrom('a', 'b', 'c', 'd', 'e'), { maxLength: 10 });
    await fc.assert(
      fc.asyncProperty(lines, lines, lines, async (base, current, proposed) => {
        const merge = await mergeText(base.join('\n'), current.join('\n'), proposed.join('\n'));
        if (merge.kind === 'conflict') return;
        const merged = new Set(merge.text.split('\n'));
        for (const side of [current, proposed]) {
          for (const line of side) if (!base.includes(line)) expect(merged).toContain(line);
        }
      }),
    );
  });

  it('gives up where too many lines are alike', async () => {
    const blank = '\n'.repeat(5_000);
    expect(await mergeText(blank, `a${blank}`, `${blank}b`)).toMatchObject({ kind: 'conflict' });
  });
});

describe('a unified diff', () => {
  it('shows what changes', async () => {
    expect(await unifiedDiff('a\nb\nc\n', 'a\nB\nc\n')).toBe('@@ -1,3 +1,3 @@\n a\n-b\n+B\n c\n');
    expect(await unifiedDiff('a', 'a')).toBe('');
    expect(await unifiedDiff('a', 'b')).toContain('\\ No newline at end of file');
  });
});

describe('similarity', () => {
  it.each([
    ['', '', 0],
    ['abc', 'abc', 1],
    ['a\nb\nc\nd\n', 'a\nb\nc\nx\n', 0.75],
    ['a\nb\n', 'b\na\n', 1],
    ['a\nb\n', 'x\ny\n', 0],
    ['a\n', 'a\nb\nc\n', 0],
    ['a\r\nb\r\n', 'a\nb\n', 4 / 6],
  ])('of %j and %j is %d', (before, after, value) => {
    expect(similarity(Buffer.from(before), Buffer.from(after))).toBeCloseTo(value, 10);
  });
});
