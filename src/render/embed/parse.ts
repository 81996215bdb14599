/** `{{Name|key=value … }}`. */
export interface Embedding {
  /** All of it, with the line break behind. */
  raw: string;
  /** As written. */
  name: string;
  options: EmbeddingOption[];
  /** What is no option: Markdown. */
  body: string;
}

export interface EmbeddingOption {
  key: string;
  /** Markdown. */
  value: string;
}

/** Further text is not searched for the end. In UTF-16 units. */
const MAX_LENGTH = 64 * 1024;
const OPENING = /^ {0,3}\{\{([A-Za-z][A-Za-z ]*)/;

/**
 * Reads the embedding that a text begins with; it ends with the first `}}` at the end of a line. A line that begins with `|` holds
 * options, with `|` between them, unless it ends with `|`: then it is a row of a table.
 */
export function readEmbedding(source: string): Embedding | undefined {
  const opening = OPENING.exec(source);
  if (opening === null) return undefined;
  const closing = /\}\}[ \t]*(?:\n+|$)/.exec(source.slice(opening[0].length, MAX_LENGTH));
  if (closing === null) return undefined;
  const contentEnd = opening[0].length + closing.index;
  const raw = source.slice(0, contentEnd + closing[0].length);
  return { raw, name: opening[1]?.trim() ?? '', ...readContent(source.slice(opening[0].length, contentEnd)) };
}

function readContent(content: string): Pick<Embedding, 'options' | 'body'> {
  const options: EmbeddingOption[] = [];
  const body: string[] = [];
  for (const line of content.split('\n')) {
    const trimmed = line.trim();
    if (!trimmed.startsWith('|') || (trimmed.length > 1 && /(?<!\\)\|$/.test(trimmed))) {
      body.push(line.replaceAll('\\|', '|'));
      continue;
    }
    const others = trimmed
      .slice(1)
      .split(/(?<!\\)\|/)
      .filter(part => !takeOption(part, options));
    if (others.length > 0) body.push(others.join('|').replaceAll('\\|', '|'));
  }
  return { options, body: body.join('\n').replace(/^\n+|\s+$/g, '') };
}

function takeOption(part: string, options: EmbeddingOption[]): boolean {
  const found = /^((?:\\=|[^=])+)=([\s\S]+)$/.exec(part);
  const key = found?.[1]?.replaceAll('\\=', '=').replaceAll('\\|', '|').trim();
  const value = found?.[2]?.replaceAll('\\|', '|').trim();
  if (!key || !value) return false;
  options.push({ key, value });
  return true;
}

/** Values by key in lower case, the last of each; without a prototype. */
export function optionValues(options: readonly EmbeddingOption[]): Record<string, string> {
  const values: Record<string, string> = Object.create(null);
  for (const { key, value } of options) values[key.toLowerCase()] = value;
  return values;
}
