import type { FileContent, Origins } from './row.ts';

/** A file that is to be in the wiki: what pipelines yield and batches are made of. */
export interface PageItem {
  /** In the repository, as the wiki names its files: `docs/intro.md`, `docs/intro/plan.png`. Checked. */
  readonly path: string;
  readonly content: string | Uint8Array | FileContent;
  readonly origins: Origins;
}
