import type { CompiledPage } from '../renderer.ts';

/** Pages within pages. */
const MAX_DEPTH = 8;
/** Embeddings that are drawn on one page, those of embedded pages included. */
const MAX_EMBEDS = 200;
/** Of the HTML that embedded pages, lists and tables bring, in UTF-16 units. */
const MAX_EMBEDDED_LENGTH = 4 * 1024 * 1024;
const TOO_LARGE = 'the page would become too large';

/**
 * What is kept while one page is placed with all that it embeds. Embeddings are drawn one after the other, so that what a limit
 * cuts off is always the same.
 */
export class Placing {
  readonly uses = new Set<string>();
  readonly needs = new Set<string>();
  #embeds = 0;
  #length = 0;
  #included = 0;

  /** Why nothing more can be embedded. Undefined: it can. */
  beginEmbed(): string | undefined {
    this.#embeds += 1;
    if (this.#embeds > MAX_EMBEDS) return 'there are too many embeddings on this page';
    return this.#length > MAX_EMBEDDED_LENGTH ? TOO_LARGE : undefined;
  }

  /** What is put before the anchors of the next page that is embedded. */
  nextPrefix(): string {
    this.#included += 1;
    return `embedded-${this.#included}-`;
  }

  /** Why what was drawn besides pages cannot be shown. Undefined: it can. */
  refusalOf(html: string): string | undefined {
    this.#length += html.length;
    return this.#length > MAX_EMBEDDED_LENGTH ? TOO_LARGE : undefined;
  }

  /** Why a page cannot be embedded. Undefined: it can. */
  refusal(file: string, stack: readonly string[], page: CompiledPage): string | undefined {
    if (stack.includes(file)) return 'it would embed itself';
    if (stack.length > MAX_DEPTH) return `pages are embedded at most ${MAX_DEPTH} deep`;
    this.#length += page.html.reduce((sum, part) => sum + part.length, 0);
    return this.#length > MAX_EMBEDDED_LENGTH ? TOO_LARGE : undefined;
  }
}
