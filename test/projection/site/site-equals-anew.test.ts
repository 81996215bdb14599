import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { LedgerRepository } from '../../../src/git/open.ts';
import { commitFiles } from '../../support/repository.ts';
import { randomHistory, type Step } from './random-history.ts';
import { hide, madeAnew, newWiki, objectsOf, openSite, publish } from './site-support.ts';

async function happen(wiki: LedgerRepository, step: Step): Promise<void> {
  const view = await wiki.view({ maxAgeMs: 0 });
  if (step.kind === 'rules') {
    await hide(wiki, ...step.hidden);
  } else if (step.kind === 'rename') {
    const file = await view.file(step.from);
    if (file === undefined || step.from === step.to) return;
    const text = (await view.blob(file.oid)).toString();
    await commitFiles(wiki, { [step.from]: null, [step.to]: text }, 'moved');
  } else {
    const files: Record<string, string | null> = {};
    for (const [path, text] of Object.entries(step.files)) {
      const file = await view.file(path);
      const before = file && (await view.blob(file.oid)).toString();
      if ((before ?? null) !== text) files[path] = text;
    }
    if (Object.keys(files).length > 0) await commitFiles(wiki, files, step.message);
  }
}

describe('a site that follows any history', () => {
  it('is the one that is made at once, byte for byte', { timeout: 120_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(randomHistory, async rounds => {
        const wiki = await newWiki();
        const { store, site } = openSite();
        for (const round of rounds) {
          for (const step of round) await happen(wiki, step);
          await publish(site, wiki);
          expect(await objectsOf(store)).toEqual(await madeAnew(wiki));
        }
      }),
      { numRuns: 40 },
    );
  });
});
