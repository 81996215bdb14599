import {
  type Alias,
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  type Node,
  parseAllDocuments,
  type Scalar,
  visit,
} from 'yaml';
import type { JsonValue } from './json-value.ts';
import { readBoolean, readFloat, readInteger, readTimestamp, resolvePlain } from './yaml-scalar.ts';

/** After aliases are followed. A block of aliases to aliases grows without bound otherwise. */
const MAX_NODES = 10_000;
const MAX_DEPTH = 64;
const TAG = 'tag:yaml.org,2002:';

/**
 * Reads YAML 1.1 as PyYAML's `safe_load` does (API contract 3). Undefined when it is not one mapping, uses tags that a
 * safe loader does not know, or is deeper or larger than a frontmatter has reason to be.
 */
export function readYamlMapping(source: string): { [key: string]: JsonValue } | undefined {
  try {
    const text = source.replace(/\r\n?/g, '\n');
    const documents = parseAllDocuments(text, {
      version: '1.1',
      schema: 'failsafe',
      uniqueKeys: false,
      prettyErrors: false,
      logLevel: 'silent',
    });
    const document = documents[0];
    if (documents.length !== 1 || document === undefined || document.errors.length > 0) return undefined;
    const root = document.contents;
    if (!isMap(root)) return undefined;
    const value = new Composer(document, text.endsWith('\n') ? Infinity : text.length).value(root, 0);
    return value !== null && typeof value === 'object' && !Array.isArray(value) ? value : undefined;
  } catch {
    // Refused by the composer, or nested so deep that the parser ran out of stack.
    return undefined;
  }
}

/** What each alias stands for. One walk for all of them: the library's `resolve` walks the document for each. */
function targetsOf(document: Document): Map<Alias, Node> {
  const anchors = new Map<string, Node>();
  const targets = new Map<Alias, Node>();
  visit(document, {
    Node: (_key, node) => {
      const target = isAlias(node) ? anchors.get(node.source) : undefined;
      if (isAlias(node) && target) targets.set(node, target);
      else if (!isAlias(node) && node.anchor !== undefined) anchors.set(node.anchor, node);
    },
  });
  return targets;
}

class Composer {
  readonly #document: Document;
  readonly #sourceLength: number;
  #nodes = 0;
  #targets: ReadonlyMap<Alias, Node> | undefined;

  constructor(document: Document, sourceLength: number) {
    this.#document = document;
    this.#sourceLength = sourceLength;
  }

  value(node: unknown, depth: number): JsonValue {
    this.#nodes += 1;
    if (this.#nodes > MAX_NODES || depth > MAX_DEPTH) throw new RangeError('frontmatter is too large');
    if (node === null || node === undefined) return null;
    if (isAlias(node)) return this.value(this.#target(node), depth + 1);
    if (isScalar(node)) return scalar(this.#text(node), node.type === 'PLAIN', node.tag);
    if (isSeq(node)) return this.#sequence(node.items, tagOf(node), depth);
    if (isMap(node)) return this.#mapping(node.items, tagOf(node), depth);
    throw new TypeError('frontmatter holds an unknown node');
  }

  /** PyYAML gives a block scalar that the source ends in no newline; the library adds one. */
  #text(node: Scalar): string {
    const text = String(node.value ?? '');
    const block = node.type === 'BLOCK_LITERAL' || node.type === 'BLOCK_FOLDED';
    return block && (node.range?.[1] ?? 0) >= this.#sourceLength ? text.replace(/\n$/, '') : text;
  }

  #target(alias: Alias): Node {
    this.#targets ??= targetsOf(this.#document);
    const target = this.#targets.get(alias);
    if (target === undefined) throw new ReferenceError('frontmatter names an unknown anchor');
    return target;
  }

  #sequence(items: readonly unknown[], tag: string | undefined, depth: number): JsonValue {
    if (tag !== undefined && tag !== 'seq' && tag !== 'omap' && tag !== 'pairs') throw unknownTag(tag);
    const values = items.map(item => this.value(item, depth + 1));
    if (tag !== 'omap' && tag !== 'pairs') return values;
    return values.map(item => {
      const pair =
        item !== null && typeof item === 'object' && !Array.isArray(item) ? Object.entries(item) : [];
      if (pair.length !== 1 || pair[0] === undefined) throw new TypeError('frontmatter holds a wrong pair');
      return pair[0];
    });
  }

  #mapping(
    items: readonly { key: unknown; value: unknown }[],
    tag: string | undefined,
    depth: number,
  ): JsonValue {
    if (tag !== undefined && tag !== 'map' && tag !== 'set') throw unknownTag(tag);
    const merged = new Map<string, JsonValue>();
    const own = new Map<string, JsonValue>();
    for (const { key, value } of items) {
      if (isScalar(key) && key.type === 'PLAIN' && key.tag === undefined && key.value === '<<') {
        this.#merge(merged, value, depth + 1);
      } else {
        own.set(keyText(this.value(key, depth + 1)), this.value(value, depth + 1));
      }
    }
    for (const [key, value] of own) merged.set(key, value);
    return tag === 'set' ? [...merged.keys()] : Object.fromEntries(merged);
  }

  /** `<<: *a` or `<<: [*a, *b]`: earlier mappings win over later ones. */
  #merge(into: Map<string, JsonValue>, node: unknown, depth: number): void {
    const value = this.value(node, depth);
    const sources = Array.isArray(value) ? value : [value];
    for (const source of sources) {
      if (source === null || typeof source !== 'object' || Array.isArray(source)) {
        throw new TypeError('frontmatter merges what is no mapping');
      }
      for (const [key, item] of Object.entries(source)) if (!into.has(key)) into.set(key, item);
    }
  }
}

function tagOf(node: Node): string | undefined {
  const tag = node.tag;
  if (tag === undefined || tag === '!') return undefined;
  if (!tag.startsWith(TAG)) throw unknownTag(tag);
  return tag.slice(TAG.length);
}

function scalar(text: string, plain: boolean, tag: string | undefined): JsonValue {
  if (tag === undefined || tag === '!') {
    if (!plain) return text;
    if (text === '=' || text === '<<') throw unknownTag(text);
    return resolvePlain(text);
  }
  const value = tagged(text, tag);
  if (value === undefined) throw unknownTag(tag);
  return value;
}

function tagged(text: string, tag: string): JsonValue | undefined {
  switch (tag) {
    case `${TAG}str`:
      return text;
    case `${TAG}null`:
      return null;
    case `${TAG}bool`:
      return readBoolean(text);
    case `${TAG}int`:
      return readInteger(text);
    case `${TAG}float`:
      return readFloat(text) ?? readInteger(text);
    case `${TAG}timestamp`:
      return readTimestamp(text);
    case `${TAG}binary`:
      return text.replace(/\s+/g, '');
    default:
      return undefined;
  }
}

function keyText(key: JsonValue): string {
  if (key !== null && typeof key === 'object') throw new TypeError('frontmatter has a collection as a key');
  return String(key);
}

function unknownTag(tag: string): TypeError {
  return new TypeError(`frontmatter has the tag ${tag}`);
}
