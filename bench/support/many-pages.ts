import type { PageFile } from '../../test/support/stored-wiki.ts';
import { type Layout, pagePath } from './page-layout.ts';
import { pageText } from './page-text.ts';

/** `count` pages of about so many bytes, made as they are asked for. */
export function* manyPages(count: number, layout: Layout, bytes = 2_000): Generator<PageFile> {
  for (let index = 0; index < count; index += 1) {
    yield { path: pagePath(index, count, layout), text: pageText({ seed: index, bytes }) };
  }
}
