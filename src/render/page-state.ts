import { renderTooLarge } from './errors.ts';
import type { Heading, Reference, RenderSettings } from './renderer.ts';
import { slug } from './slug.ts';

/** What is known of one page while it is compiled: made for each page, so that a page that is given up leaves nothing behind. */
export class PageState {
  readonly settings: RenderSettings;
  readonly refs: Reference[] = [];
  readonly headings: Heading[] = [];
  readonly needs = new Set<string>();
  /** Every `id` that the page may have: those of other origin are removed. */
  readonly anchors = new Set<string>();
  readonly #nextSuffix = new Map<string, number>();
  readonly #parts = new Map<() => unknown, unknown>();
  readonly #maxGrowth: number;
  #growth = 0;
  #cells = 0;

  constructor(settings: RenderSettings) {
    this.settings = settings;
    this.#maxGrowth = maxOutput(settings);
  }

  /** What an extension keeps of the page, made when it is first asked for. */
  part<T>(create: () => T): T {
    if (!this.#parts.has(create)) this.#parts.set(create, create());
    return this.#parts.get(create) as T;
  }

  /**
   * Text that stands for a reference until the page is split; between tags, or as the whole value of an attribute that the
   * sanitiser sets. No page can hold it: U+0000 is replaced in every source, and no character reference makes one.
   */
  reference(ref: Reference): string {
    this.refs.push(ref);
    return `\0${this.refs.length - 1}\0`;
  }

  /** An `id` that nothing else on the page has: `intro`, `intro-1`. */
  anchor(text: string): string {
    const wanted = slug(text);
    let anchor = wanted;
    let suffix = this.#nextSuffix.get(wanted) ?? 1;
    while (this.anchors.has(anchor)) anchor = `${wanted}-${suffix++}`;
    this.#nextSuffix.set(wanted, suffix);
    this.anchors.add(anchor);
    return anchor;
  }

  /**
   * To be called for output that the source does not hold at this place, such as the address of a link that is defined elsewhere.
   * @throws KittiwakeError `render_too_large`
   */
  grow(length: number): void {
    this.#growth += length;
    if (this.#growth > this.#maxGrowth) throw renderTooLarge('the HTML', this.#maxGrowth);
  }

  /** @throws KittiwakeError `render_too_large`: so many more are too many */
  checkCells(count: number): void {
    if (this.#cells + count > MAX_CELLS) throw renderTooLarge('the number of cells in tables', MAX_CELLS);
  }

  addCells(count: number): void {
    this.checkCells(count);
    this.#cells += count;
  }
}

/** Of all tables of a page. */
const MAX_CELLS = 100_000;

/** Of the HTML of one page, in UTF-16 units. */
export function maxOutput(settings: RenderSettings): number {
  return settings.maxBytes * 8;
}
