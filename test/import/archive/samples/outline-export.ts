const IDS = '11111111-2222-4333-8444-555555555555/66666666-7777-4888-9999-000000000000';

/** A small export of Outline as Markdown, named as server/queues/tasks/ExportDocumentTreeTask.ts of outline/outline names it. */
export const OUTLINE_EXPORT: Record<string, string> = {
  'Handbook/Getting Started.md': [
    '# Getting Started',
    '',
    `![a chart](uploads/${IDS}/chart%201.png " =300x200") ![b](uploads/${IDS}/chart%201.png "Title =30x")`,
    '\\',
    '[child](./Getting%20Started/First%20Day.md) [pay](./Pay%252FBonus.md) [other](./../Other/Note.md)',
    '[kept](/doc/first-day-AbCdEfGh12#h-morning) [gone](/doc/left-alone-AbCdEfGh12) [web](https://example.org/doc/first-day-AbCdEfGh12)',
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
  ].join('\n'),
  'Handbook/Getting Started/First Day.md': '[up](./../Getting%20Started.md)\n',
  'Handbook/Pay%2FBonus.md': '# Pay/Bonus\n',
  [`Handbook/uploads/${IDS}/chart 1.png`]: 'png',
  [`Handbook/uploads/${IDS}/data.bin`]: 'bin',
  'Other/Note.md': '',
};
