import { escapeHtml } from './escape.ts';
import type { PageState } from './page-state.ts';

/** A page in two parts: what stands in YAML at its start, and the text. */
export interface Frontmatter {
  /** Null: it has none. */
  frontmatter: Readonly<Record<string, unknown>> | null;
  body: string;
}

/** Of one value as it is shown, in UTF-16 units. */
const MAX_VALUE_LENGTH = 2_000;

/** The properties, folded, and the title as a heading where the text has none of the first level. */
export function frontmatterHtml(frontmatter: Frontmatter['frontmatter'], page: PageState): string {
  if (frontmatter === null) return '';
  const rows = Object.entries(frontmatter).map(
    ([name, value]) =>
      `<tr><th scope="row">${escapeHtml(name)}</th><td>${escapeHtml(asText(value))}</td></tr>\n`,
  );
  page.anchors.add('frontmatter');
  const table = rows.length === 0 ? '' : `<table>\n<tbody>\n${rows.join('')}</tbody>\n</table>\n`;
  const details = `<details id="frontmatter" class="frontmatter">\n<summary>Properties</summary>\n${table}</details>\n`;
  return details + titleHeading(frontmatter.title, page);
}

function titleHeading(title: unknown, page: PageState): string {
  const hasOne = page.headings.some(each => each.level === 1);
  if (hasOne || typeof title !== 'string' || title.trim() === '') return '';
  const text = title.trim();
  const anchor = page.anchor(text);
  page.headings.unshift({ level: 1, text, anchor });
  return `<h1 id="${anchor}">${escapeHtml(text)}</h1>\n`;
}

function asText(value: unknown): string {
  const text = Array.isArray(value) ? value.map(plain).join(', ') : plain(value);
  return text.length > MAX_VALUE_LENGTH ? `${text.slice(0, MAX_VALUE_LENGTH)}…` : text;
}

function plain(value: unknown): string {
  if (value === null || value === undefined) return '';
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}
