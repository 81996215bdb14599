import { sectionAmbiguous, sectionNotFound } from '../errors.ts';

/** A heading with what belongs to it, up to the next heading of its level or above. Offsets in UTF-16 units. */
export interface Section {
  title: string;
  /** 1 to 6. */
  level: number;
  /** The titles from the outermost on, joined by ` > `. */
  path: string;
  start: number;
  end: number;
}

const HEADING = /^(#{1,6})[ \t]+(.*)$/;
const FENCE = /^ {0,3}(`{3,}|~{3,})(.*)$/;

/** All ATX sections of a text, in order (API contract 14.1). Headings in fences are none; setext ones neither. */
export function findSections(text: string): Section[] {
  const sections: Section[] = [];
  const open: Section[] = [];
  let fence: string | undefined;
  for (const { line, start } of linesOf(text)) {
    const run = FENCE.exec(line);
    if (fence !== undefined) {
      if (run?.[1]?.startsWith(fence) && run[2]?.trim() === '') fence = undefined;
      continue;
    }
    if (run !== null && !(run[1]?.startsWith('`') && run[2]?.includes('`'))) {
      fence = run[1];
      continue;
    }
    const heading = HEADING.exec(line);
    if (heading !== null) openSection(heading, start, sections, open);
  }
  for (const section of open) section.end = text.length;
  return sections;
}

/**
 * The section a query names, ignoring case: its path or the end of a path, and only if none fits, its title.
 * @throws KittiwakeError `section_not_found`, `section_ambiguous`, both naming the paths
 */
export function findSection(text: string, query: string): Section {
  const sections = findSections(text);
  const wanted = query.trim().toLowerCase();
  for (const fits of [byPath, byTitle]) {
    const found = sections.filter(section => fits(section, wanted));
    if (found.length === 1 && found[0] !== undefined) return found[0];
    if (found.length > 1) {
      throw sectionAmbiguous(
        query,
        found.map(section => section.path),
      );
    }
  }
  throw sectionNotFound(
    query,
    sections.map(section => section.path),
  );
}

/** The text with a section, heading and children included, replaced. The line breaks around it stay. */
export function replaceSection(text: string, section: Section, content: string): string {
  const rest = text.slice(section.end);
  const separated =
    rest === '' || content === '' || content.endsWith('\n') ? content : content + newlineOf(text);
  return text.slice(0, section.start) + separated + rest;
}

/** The text with `content` added at the end of a section, before the next heading, a blank line on either side. */
export function appendToSection(text: string, section: Section, content: string): string {
  const newline = newlineOf(text);
  const body = text.slice(section.start, section.end).trimEnd();
  const rest = text.slice(section.end);
  const tail = rest === '' ? newline : newline + newline;
  return `${text.slice(0, section.start)}${body}${newline}${newline}${content.trim()}${tail}${rest}`;
}

function openSection(heading: RegExpExecArray, start: number, sections: Section[], open: Section[]): void {
  const level = heading[1]?.length ?? 1;
  while (open.length > 0 && (open.at(-1)?.level ?? 0) >= level) {
    const closed = open.pop();
    if (closed !== undefined) closed.end = start;
  }
  const title = (heading[2] ?? '')
    .trim()
    .replace(/(?:^|[ \t]+)#+$/, '')
    .trim();
  const path = [...open.map(section => section.title), title].join(' > ');
  const section = { title, level, path, start, end: start };
  sections.push(section);
  open.push(section);
}

function byPath(section: Section, wanted: string): boolean {
  const path = section.path.toLowerCase();
  return path === wanted || path.endsWith(` > ${wanted}`);
}

function byTitle(section: Section, wanted: string): boolean {
  return section.title.toLowerCase() === wanted;
}

function* linesOf(text: string): Generator<{ line: string; start: number }> {
  let start = 0;
  while (start < text.length) {
    const newline = text.indexOf('\n', start);
    const end = newline < 0 ? text.length : newline;
    yield { line: text.slice(start, end).replace(/\r$/, ''), start };
    start = end + 1;
  }
}

function newlineOf(text: string): string {
  return text.includes('\r\n') ? '\r\n' : '\n';
}
