import { describe, expect, it } from 'vitest';
import { OUTLINE_EXPORT } from './samples/outline-export.ts';
import { openBytes, readAll, zipOf } from './zip-maker.ts';

const UPLOADS = 'handbook/uploads/11111111-2222-4333-8444-555555555555/66666666-7777-4888-9999-000000000000';

describe('an export of Outline', () => {
  it('has links, pictures and escapes as the wiki reads them', async () => {
    const source = await openBytes(await zipOf(OUTLINE_EXPORT));
    const { rows, notes } = await readAll(source);
    const texts = Object.fromEntries(rows.map(row => [row.path, row.text]));
    const uploads = UPLOADS.slice('handbook/'.length);
    expect(source.convention).toBe('outline');
    expect(texts['Handbook/Getting Started.md']?.split('\n').slice(2)).toEqual([
      `![a chart](${uploads}/chart%201.png) ![b](${uploads}/chart%201.png "Title")`,
      '',
      '[child](getting%20started/first%20day.md) [pay](pay-bonus.md) [other](../other/note.md)',
      '[kept](getting%20started/first%20day.md#morning) [gone](/doc/left-alone-AbCdEfGh12) [web](https://example.org/doc/first-day-AbCdEfGh12)',
      '',
      ':::info',
      'Notice',
      ':::',
      '',
      '```',
      '\\',
      '[child](/doc/first-day-AbCdEfGh12)',
      '```',
      '',
    ]);
    expect(texts['Handbook/Getting Started/First Day.md']).toBe('[up](../getting%20started.md)\n');
    expect(notes).toEqual({ link_unresolved: 1 });
  });

  it('takes all uploads, and writes no slash into a name', async () => {
    const { rows } = await readAll(await openBytes(await zipOf(OUTLINE_EXPORT)));
    expect(rows.map(row => row.path).sort()).toEqual([
      'Handbook/Getting Started.md',
      'Handbook/Getting Started/First Day.md',
      'Handbook/Pay-Bonus.md',
      `${UPLOADS.replace('h', 'H')}/chart 1.png`,
      `${UPLOADS.replace('h', 'H')}/data.bin`,
      'Other/Note.md',
    ]);
  });
});
