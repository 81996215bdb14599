import { withFrontmatter } from '../../pipeline/frontmatter-block.ts';
import type { Cell } from '../../row.ts';

const HEAD = /^(?:\ufeff)?# [^\n]*\r?\n\r?\n/;
const PROPERTY = /^([^:\n]{1,200}):(?: (.*))?$/;

/** The lines `Name: value` below the title of a row of a database, which has such columns, as frontmatter. */
export function propertiesToFrontmatter(text: string, columns: ReadonlySet<string>): string {
  const head = HEAD.exec(text)?.[0];
  if (head === undefined) return text;
  const end = /\r?\n\r?\n/.exec(text.slice(head.length));
  const blockEnd = end === null ? text.length : head.length + end.index;
  const lines = text.slice(head.length, blockEnd).trimEnd().split(/\r?\n/);
  const values: Record<string, Cell> = {};
  for (const line of lines) {
    const [, name, value = ''] = PROPERTY.exec(line) ?? [];
    if (name === undefined || !columns.has(name)) return text;
    Object.assign(values, property(name, value.trim()));
  }
  const fields = Object.keys(values).map(name => ({
    name,
    read: (of: Record<string, Cell>) => of[name] ?? null,
  }));
  const rest = text.slice(end === null ? blockEnd : blockEnd + end[0].length);
  return withFrontmatter(head + rest, fields, values);
}

/** What the wiki reads itself has its name and form. */
function property(name: string, value: string): Record<string, Cell> {
  if (name.toLowerCase() !== 'tags') return { [name]: value };
  return {
    tags: value
      .split(',')
      .map(tag => tag.trim())
      .filter(Boolean),
  };
}
