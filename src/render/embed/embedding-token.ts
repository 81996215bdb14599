import type { Token, Tokens } from 'marked';

/** An embedding as it was read. */
export interface EmbeddingToken extends Tokens.Generic {
  /** As written. */
  name: string;
  /** Options as written, by key in lower case. */
  values: Readonly<Record<string, string>>;
  /** Options as Markdown, in their order. */
  cells: readonly { key: string; tokens: Token[] }[];
  body: string;
  /** Of the body. */
  tokens: Token[];
}
