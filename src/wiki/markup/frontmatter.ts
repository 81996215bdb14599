import { isSpace } from '../name/python-text.ts';
import type { JsonValue } from './json-value.ts';
import { readSimpleMapping } from './simple-yaml.ts';

/** What stands between the `---` lines, as far as YAML makes a mapping of it; and the text after it. */
export interface Document {
  frontmatter: { [key: string]: JsonValue } | null;
  /** The whole content when there is no frontmatter. */
  body: string;
}

/** Larger blocks are not parsed: the content is then all body. In UTF-16 units. */
const MAX_BLOCK_LENGTH = 64 * 1024;

/** Reads a YAML mapping; undefined when it is none, or no YAML. */
type ReadMapping = (source: string) => { [key: string]: JsonValue } | undefined;

let readMapping: ReadMapping | undefined;

/**
 * Splits a page into frontmatter and body (API contract 3). The YAML library is loaded by the first page that needs
 * it; without it, and once it is there, the answer is immediate.
 */
export function readDocument(content: string): Document | Promise<Document> {
  const block = frontmatterBlock(content);
  if (block === undefined || block.yaml.length > MAX_BLOCK_LENGTH)
    return { frontmatter: null, body: content };
  const simple = readSimpleMapping(block.yaml);
  if (simple !== undefined) return { frontmatter: simple, body: content.slice(block.bodyStart) };
  if (readMapping !== undefined) return split(content, block, readMapping);
  return import('./yaml-mapping.ts').then(module => {
    readMapping = module.readYamlMapping;
    return split(content, block, module.readYamlMapping);
  });
}

interface Block {
  yaml: string;
  /** Where the body begins. */
  bodyStart: number;
}

/**
 * The contract's pattern, matched in linear time: `---`, white space, newline, a lazy block, newline, `---`, white
 * space.
 */
export function frontmatterBlock(content: string): Block | undefined {
  if (!content.startsWith('---')) return undefined;
  const textStart = skipSpace(content, 3);
  const lastNewline = content.lastIndexOf('\n', textStart - 1);
  if (lastNewline < 3) return undefined;
  const close = content.indexOf('\n---', lastNewline + 1);
  if (close >= 0)
    return { yaml: content.slice(lastNewline + 1, close), bodyStart: skipSpace(content, close + 4) };
  // The white space after the opening line may itself end with the newline of the closing one.
  const newlineBefore = content.lastIndexOf('\n', lastNewline - 1);
  if (newlineBefore < 3 || !content.startsWith('---', lastNewline + 1)) return undefined;
  return {
    yaml: content.slice(newlineBefore + 1, lastNewline),
    bodyStart: skipSpace(content, lastNewline + 4),
  };
}

function skipSpace(text: string, from: number): number {
  let at = from;
  while (at < text.length && isSpace(text.charCodeAt(at))) at++;
  return at;
}

function split(content: string, block: Block, read: ReadMapping): Document {
  const frontmatter = read(block.yaml);
  if (frontmatter === undefined) return { frontmatter: null, body: content };
  return { frontmatter, body: content.slice(block.bodyStart) };
}
