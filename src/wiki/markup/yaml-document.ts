import { isNode, LineCounter, type Node, parseDocument } from 'yaml';

/** A YAML text that people write by hand, with the places of its values. */
export interface YamlDocument {
  readonly value: unknown;
  /** When there are any, `value` means nothing. */
  readonly errors: readonly { readonly message: string; readonly line: number; readonly column: number }[];
  /** Where the value at a path begins, or the nearest around it. From 1. */
  place(path: readonly (string | number)[]): { line: number; column: number };
}

/** Aliases may stand for so many nodes in all: a text of aliases to aliases grows without bound otherwise. */
const MAX_ALIASES = 100;

/** Reads one document of YAML 1.2 (so `on` and `no` are text) with the core schema; JSON is a part of it. Keys must be unique. */
export function readYamlDocument(text: string): YamlDocument {
  const lineCounter = new LineCounter();
  const document = parseDocument(text, {
    version: '1.2',
    lineCounter,
    prettyErrors: false,
    logLevel: 'silent',
  });
  const placeAt = (offset: number) => {
    const { line, col } = lineCounter.linePos(offset);
    return { line: Math.max(1, line), column: Math.max(1, col) };
  };
  const errors = document.errors.map(({ message, pos }) => ({ message, ...placeAt(pos[0]) }));
  let value: unknown;
  try {
    value = errors.length === 0 ? document.toJS({ maxAliasCount: MAX_ALIASES }) : undefined;
  } catch (error) {
    errors.push({ message: error instanceof Error ? error.message : String(error), line: 1, column: 1 });
  }
  return {
    value,
    errors,
    place(path) {
      for (let length = path.length; length > 0; length -= 1) {
        const node = document.getIn(path.slice(0, length), true);
        if (isNode(node) && node.range) return placeAt(startOf(node));
      }
      return placeAt(document.contents?.range?.[0] ?? 0);
    },
  };
}

function startOf(node: Node): number {
  return node.range?.[0] ?? 0;
}
