import { expect } from 'vitest';
import { type CleanUp, type Harness, openWiki } from './harness.ts';

export interface PreparedWiki extends Harness {
  /** Of the page `a`, which holds `text` and has the attachment `f.txt`. */
  readonly revision: string;
  /** Fails when anything was committed since. */
  unchanged(): Promise<void>;
}

/** A wiki that has something to lose. */
export async function prepareWiki(cleanUp?: CleanUp): Promise<PreparedWiki> {
  const wiki = await openWiki({}, cleanUp);
  const revision = await wiki.write('a', 'text');
  await wiki.write('folder/page', 'x');
  await wiki.call('POST', '/pages/a/attachments', { filename: 'f.txt', content: 'eA==' });
  const before = await wiki.head();
  return {
    ...wiki,
    revision,
    async unchanged() {
      expect(await wiki.head()).toBe(before);
    },
  };
}
