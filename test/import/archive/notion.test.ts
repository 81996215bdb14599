import { describe, expect, it } from 'vitest';
import { NOTION_EXPORT, TWIN_A, TWIN_B } from './samples/notion-export.ts';
import { openBytes, readAll, zipOf } from './zip-maker.ts';

async function read(files: Record<string, string>, shape = zipOf) {
  const source = await openBytes(await shape(files));
  const { rows, failures, notes } = await readAll(source);
  return { source, notes, failures, rows, texts: Object.fromEntries(rows.map(row => [row.path, row.text])) };
}

describe('an export of Notion', () => {
  it('has names without ids, but where two would be one', async () => {
    const { source, texts, failures } = await read(NOTION_EXPORT);
    expect(source.convention).toBe('notion');
    expect(failures).toEqual([]);
    expect(Object.keys(texts).sort()).toEqual(
      [
        'Team Home.md',
        'Team Home/Tasks.csv',
        'Team Home/Tasks.md',
        'Team Home/Tasks/Read.md',
        'Team Home/Tasks/Write a book.md',
        'Team Home/Tasks_all.csv',
        `Team Home/Twin ${TWIN_A}.md`,
        'Team Home/Untitled.png',
        `Team Home/twin ${TWIN_B}.md`,
      ].sort(),
    );
  });

  it('has links to pages, databases, files and addresses of Notion that lead where they led', async () => {
    const { notes, texts } = await read(NOTION_EXPORT);
    expect(texts['Team Home.md']?.split('\n').slice(2)).toEqual([
      '[Tasks](team%20home/tasks.md) and [Write: a book?](team%20home/tasks/write%20a%20book.md)',
      `[by address](team%20home/tasks/read.md) [other](https://www.notion.so/Gone-${'f'.repeat(32)})`,
      `![pic](team%20home/Untitled.png) [lost](Nowhere%20${'e'.repeat(32)}.md)`,
      `[Twin](team%20home/twin%20${TWIN_A}.md#top)`,
      '',
      '::: info',
      '💡 A hint',
      '',
      ':::',
      '',
      '```html',
      '<aside>',
      expect.stringContaining('[x](Team%20Home'),
      '```',
      '',
    ]);
    expect(notes).toEqual({ link_unresolved: 1 });
  });

  it('has databases as pages with a table that leads to their rows', async () => {
    const { texts, rows } = await read(NOTION_EXPORT);
    expect(texts['Team Home/Tasks.md']).toBe(
      [
        '# Tasks',
        '',
        '| Name | Status | Tags | Related |',
        '| --- | --- | --- | --- |',
        '| [Write: a book?](tasks/write%20a%20book.md) | In \\| progress |  | [Read](tasks/read.md), Gone (x.md) |',
        '| [Read](tasks/read.md) | Done | a, b |  |',
        '| No page |  |  | two<br>lines |',
        '',
        '[Tasks_all.csv](Tasks_all.csv)',
        '',
      ].join('\n'),
    );
    const numbers = rows.filter(row => /Tasks(?:\.md|_all\.csv)$/.test(row.path)).map(row => row.row);
    expect(new Set(numbers).size).toBe(1);
  });

  it('has the properties of rows in their frontmatter, and no text that looks like some', async () => {
    const { texts } = await read(NOTION_EXPORT);
    expect(texts['Team Home/Tasks/Read.md']).toBe('---\nStatus: Done\ntags: [a, b]\n---\n# Read\n\nBody\n');
    expect(texts['Team Home/Tasks/Write a book.md']).toBe(
      '---\nStatus: "In | progress"\nRelated: Read\n---\n# Write: a book?\n\nText: of it\n\nMore: of it\n',
    );
  });

  it('is the same from the archive within an archive that Notion makes', async () => {
    const nested = await read(NOTION_EXPORT, async files =>
      zipOf({ 'ExportBlock-0a1b-Part-1.zip': await zipOf(files) }),
    );
    expect(nested.texts).toEqual((await read(NOTION_EXPORT)).texts);
  });

  it('has the table of a database with a page of its own on that page, and none of one that cannot be read', async () => {
    const id = 'a'.repeat(32);
    const { texts } = await read({
      [`Db ${id}.md`]: '# Db\n',
      [`Db ${id}.csv`]: 'Name\nx\n',
      [`Bad ${'b'.repeat(32)}.csv`]: 'Name,Name\nx,y\n',
    });
    expect(texts['Db.md']).toBe('# Db\n\n| Name |\n| --- |\n| x |\n\n[Db.csv](Db.csv)\n');
    expect(texts['Bad.md']).toBe('# Bad\n\n[Bad.csv](Bad.csv)\n');
  });
});
