import type { ConventionName } from './archive-options.ts';

/** What the program that wrote the files means by their names and links. */
export interface Convention {
  readonly name: ConventionName;
  /** What a file is to be called, before the wiki's own rules of names; a page ends with `.md`. */
  target(file: number): string;
  /** True for files that come along although no page is near. */
  keeps?(path: string): boolean;
  /** The text with its links leading where they led. */
  text?(text: string, file: number, notes: Notes): string | Promise<string>;
  /** A page that stands for a file besides it. */
  pageOf?(file: number): Promise<ExtraPage | undefined>;
}

export interface ExtraPage {
  path: string;
  content: string;
}

/** What was seen in passing, by kind: `link_unresolved`. */
export class Notes {
  readonly #counts: Record<string, number> = {};

  get counts(): Readonly<Record<string, number>> {
    return this.#counts;
  }

  count(kind: string, by = 1): void {
    this.#counts[kind] = (this.#counts[kind] ?? 0) + by;
  }
}
