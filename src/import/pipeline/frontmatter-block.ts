import { frontmatterBlock } from '../../wiki/markup/frontmatter.ts';
import { readSimpleMapping } from '../../wiki/markup/simple-yaml.ts';
import { readYamlMapping } from '../../wiki/markup/yaml-mapping.ts';
import { resolvePlain } from '../../wiki/markup/yaml-scalar.ts';
import { isEmpty, isFile, isList, type Values } from '../operator/columns.ts';
import { cellInvalid } from '../operator/errors.ts';
import type { Cell } from '../row.ts';

export interface FrontmatterField {
  readonly name: string;
  /** Empty cells are left out. */
  readonly read: (values: Values) => Cell;
}

/** As `readDocument` has it, in UTF-16 units: a larger block is text to all readers. */
const MAX_BLOCK_LENGTH = 64 * 1024;

/** Sets fields in the frontmatter of a page. Those that its text has of its own stay as they are. */
export function withFrontmatter(text: string, fields: readonly FrontmatterField[], values: Values): string {
  let lines = '';
  const own = text.startsWith('---') ? ownFields(text) : undefined;
  for (const { name, read } of fields) {
    const cell = read(values);
    if (isEmpty(cell) || (isList(cell) && cell.length === 0)) continue;
    if (own !== undefined && Object.hasOwn(own, name)) continue;
    lines += `${keyText(name)}: ${yamlText(cell, name)}\n`;
  }
  if (lines === '') return text;
  if (own === undefined) return `---\n${lines}---\n${text}`;
  return `---\n${lines}${text.slice(text.indexOf('\n') + 1)}`;
}

/** Undefined: it has none, or what looks like one is no mapping, and so part of the text. */
function ownFields(text: string): object | undefined {
  const yaml = frontmatterBlock(text)?.yaml;
  if (yaml === undefined || yaml.length > MAX_BLOCK_LENGTH) return undefined;
  return readSimpleMapping(yaml) ?? readYamlMapping(yaml);
}

function keyText(name: string): string {
  return /^[A-Za-z_][A-Za-z0-9_-]*$/.test(name) && typeof resolvePlain(name) === 'string'
    ? name
    : quoted(name);
}

/** Letters, digits and what YAML 1.1 gives no meaning between them. */
const PLAIN = /^[A-Za-z][A-Za-z0-9 _./()-]*$/;

/** YAML 1.1 in one line, which reads as the same value: text that could be taken for something else is quoted. */
function yamlText(cell: Cell, name: string): string {
  if (typeof cell === 'string') {
    const isPlain = PLAIN.test(cell) && !cell.endsWith(' ') && resolvePlain(cell) === cell;
    return isPlain ? cell : quoted(cell);
  }
  if (isFile(cell)) throw cellInvalid(`"${name}" of the frontmatter`, 'a value, and it is a file');
  if (isList(cell)) return `[${cell.map(item => yamlText(item, name)).join(', ')}]`;
  if (typeof cell === 'object' && cell !== null) {
    const entries = Object.entries(cell);
    return `{${entries.map(([key, value]) => `${quoted(key)}: ${yamlText(value, name)}`).join(', ')}}`;
  }
  return JSON.stringify(cell);
}

/** JSON's quotes are YAML's, but for the ends of lines that JSON leaves as they are. */
function quoted(text: string): string {
  return JSON.stringify(text).replace(
    /[\u007f-\u009f\u2028\u2029\ufeff]/g,
    char => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
