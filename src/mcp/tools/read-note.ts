import type { PageBody } from '../../wiki/bodies.ts';
import type { JsonValue } from '../../wiki/markup/json-value.ts';
import { titleCase } from '../../wiki/name/title-case.ts';
import { flag, listOf, object, revision, text, whole } from '../answer-schema.ts';
import { given } from '../arguments.ts';
import { defineTool, READS } from '../tool.ts';
import * as fields from './fields.ts';

/** Of a page in one answer, in UTF-16 units. */
const MAX_CHARACTERS = 200_000;

export const readNote = defineTool({
  name: 'read_note',
  title: 'Read a note',
  description:
    'Reads a page: its text with frontmatter, its revision (needed to change it), what it links to and what links to it. Or one section of it, or the page as it was at a revision.',
  right: 'read',
  effects: READS,
  input: {
    type: 'object',
    required: ['path'],
    properties: {
      path: fields.path,
      revision: { ...fields.commit, description: 'Commit whose text is wanted. Default: the newest.' },
      section: {
        type: 'string',
        maxLength: 1000,
        description: 'Title of a section, or its path: "Chapter > Section". Default: the whole page.',
      },
      offset: {
        type: 'integer',
        minimum: 0,
        description:
          'Characters to leave out at the beginning, where a page is too long for one answer. Default 0.',
      },
      limit: {
        type: 'integer',
        minimum: 1,
        maximum: MAX_CHARACTERS,
        description: `Most characters of text. Default and most ${MAX_CHARACTERS}.`,
      },
    },
  },
  output: object(
    {
      path: text,
      name: {},
      revision,
      section: text,
      content: text,
      frontmatter: { type: ['object', 'null'] },
      links_to: listOf(text),
      linked_from: listOf(text),
      last_commit: { type: ['object', 'null'] },
      truncated: flag,
      total_characters: whole,
      next_offset: whole,
    },
    ['section', 'next_offset'],
  ),
  async run({ path, revision: at, section, offset = 0, limit = MAX_CHARACTERS }, { services }) {
    const wiki = await services.wiki();
    const { body } = await wiki.readPage(path, given({ revision: at, section }));
    const part = partOf(body.content, offset, limit);
    const named = section ? { section, links_to: [], linked_from: [] } : {};
    return { text: shown({ ...body, ...named }, part), data: { ...body, ...named, ...part } };
  },
});

interface Part {
  content: string;
  truncated: boolean;
  total_characters: number;
  next_offset?: number;
}

/** No character is cut in two. */
function partOf(content: string, offset: number, limit: number): Part {
  const total = { total_characters: content.length };
  const start = isInside(content, offset) ? offset - 1 : offset;
  let end = start + limit;
  if (isInside(content, end)) end += 1;
  if (start === 0 && end >= content.length) return { content, truncated: false, ...total };
  const more = end < content.length ? { next_offset: end } : {};
  return { content: content.slice(start, end), truncated: true, ...total, ...more };
}

function isInside(content: string, index: number): boolean {
  const unit = content.charCodeAt(index);
  return index > 0 && unit >= 0xdc00 && unit <= 0xdfff;
}

function shown(page: PageBody & { section?: string }, part: Part): string {
  const lines = [`# ${String(page.name)}`, `Path: ${page.path}`, `Revision: ${page.revision}`];
  if (page.section !== undefined) lines.push(`Section: ${page.section}`);
  const properties = propertiesOf(page.frontmatter ?? {});
  if (properties !== '') lines.push(properties);
  if (page.links_to.length > 0) lines.push(`Links to: ${page.links_to.join(', ')}`);
  if (page.linked_from.length > 0) lines.push(`Linked from: ${page.linked_from.join(', ')}`);
  lines.push('', '---', part.content);
  if (part.truncated) lines.push('', cutNote(part));
  return lines.join('\n');
}

/** The frontmatter in one line, without the title, which stands above. */
function propertiesOf(frontmatter: { [key: string]: JsonValue }): string {
  return Object.entries(frontmatter)
    .filter(([key, value]) => key !== 'title' && isTruthy(value))
    .map(([key, value]) => `${titleCase(key.replaceAll('_', ' '))}: ${valueText(value)}`)
    .join(' | ');
}

function isTruthy(value: JsonValue): boolean {
  return Array.isArray(value) ? value.length > 0 : Boolean(value);
}

function valueText(value: JsonValue): string {
  if (Array.isArray(value)) return value.map(valueText).join(', ');
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

function cutNote({ total_characters: total, next_offset: next }: Part): string {
  const rest = next === undefined ? '' : `; go on with offset ${next}, or read a section`;
  return `[Not the whole page: it has ${total} characters${rest}. Change it with edit_note or edit_section, not with write_note.]`;
}
