import type { JsonValue } from './json-value.ts';
import { resolvePlain } from './yaml-scalar.ts';

/** What most frontmatter is made of; everything else is left to the YAML library, which takes 40 ms to load. */
const LINE = /^([A-Za-z_][A-Za-z0-9_-]*):(?: +(.*))?$/;
const ITEM = /^( *)- +(.*)$/;
const IGNORED = /^ *(?:#.*)?$/;
/** Printable, and not a line break of YAML 1.1. */
const PRINTABLE = /^[\x20-\x7e\u00a1-\u1fff\u2010-\u2027\u2030-\u205e\u2070-\ud7ff]*$/;
const PLAIN_START = /^[\p{L}0-9]/u;
const NOT_PLAIN = /: |:$| #/;
const FLOW_ITEM = /^[\p{L}0-9][\p{L}0-9_./ -]*$/u;

/**
 * Reads a mapping of plain keys to scalars on one line and lists of such scalars. Undefined for everything beyond that,
 * which does not mean that it is not YAML.
 */
export function readSimpleMapping(source: string): { [key: string]: JsonValue } | undefined {
  const values = new Map<string, JsonValue>();
  let list: { key: string; indent: number | undefined; items: JsonValue[] } | undefined;
  for (const line of source.split(/\r\n|\n/)) {
    if (!PRINTABLE.test(line)) return undefined;
    if (IGNORED.test(line)) continue;
    const item = list === undefined ? null : ITEM.exec(line);
    if (list !== undefined && item !== null) {
      const value = readScalar(item[2] ?? '');
      const indent = item[1]?.length ?? 0;
      if (value === undefined || (list.indent ?? indent) !== indent) return undefined;
      list.indent = indent;
      list.items.push(value);
      values.set(list.key, list.items);
      continue;
    }
    const pair = LINE.exec(line);
    const key = pair?.[1];
    if (pair === null || key === undefined || typeof resolvePlain(key) !== 'string') return undefined;
    const text = trimSpaces(pair[2] ?? '');
    const value = text === '' ? null : readValue(text);
    if (value === undefined) return undefined;
    list = text === '' ? { key, indent: undefined, items: [] } : undefined;
    values.set(key, value);
  }
  return values.size === 0 ? undefined : Object.fromEntries(values);
}

function readValue(text: string): JsonValue | undefined {
  return text.startsWith('[') ? readFlowList(text) : readScalar(text);
}

/** Undefined: not simple. */
function readScalar(text: string): JsonValue | undefined {
  const plain = trimSpaces(text);
  const quoted = /^(?:"([^"\\]*)"|'([^']*)')$/.exec(plain);
  if (quoted !== null) return quoted[1] ?? quoted[2] ?? '';
  return PLAIN_START.test(plain) && !NOT_PLAIN.test(plain) ? resolvePlain(plain) : undefined;
}

function readFlowList(text: string): JsonValue[] | undefined {
  if (!text.endsWith(']')) return undefined;
  const inner = trimSpaces(text.slice(1, -1));
  if (inner === '') return [];
  const items = inner.split(',').map(trimSpaces);
  return items.every(item => FLOW_ITEM.test(item)) ? items.map(resolvePlain) : undefined;
}

/** Spaces only: others are part of the text. */
function trimSpaces(text: string): string {
  let [start, end] = [0, text.length];
  while (start < end && text[start] === ' ') start++;
  while (end > start && text[end - 1] === ' ') end--;
  return text.slice(start, end);
}
