import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { CallerPermits } from '../../../src/auth/policy/permits.ts';
import type { Principal } from '../../../src/auth/principal.ts';
import { isKittiwakeError } from '../../../src/core/errors.ts';
import type { BatchChange, Wiki } from '../../../src/wiki/wiki.ts';
import { type RuledWiki, ruledWiki } from './access-support.ts';
import { type Edit, edits, effective, PAGES, principals, rules } from './random-wiki.ts';

interface Action {
  kind:
    | 'put'
    | 'patch'
    | 'delete'
    | 'recursive'
    | 'rename'
    | 'restore'
    | 'attach'
    | 'detach'
    | 'batch'
    | 'revert';
  page: string;
  other: string;
  /** Counts commits from the newest. */
  back: number;
  dryRun: boolean;
}

const action: fc.Arbitrary<Action> = fc.record({
  kind: fc.constantFrom<Action['kind']>(
    'put',
    'patch',
    'delete',
    'recursive',
    'rename',
    'rename',
    'restore',
    'attach',
    'detach',
    'batch',
    'revert',
    'revert',
  ),
  page: fc.constantFrom(...PAGES),
  other: fc.constantFrom(...PAGES, 'new', 'docs/new', 'secret/new'),
  back: fc.nat({ max: 5 }),
  dryRun: fc.boolean(),
});

/** Every page and attachment holds a word that nothing else holds: by its path. */
const canary = (path: string) => `canary${Buffer.from(path).toString('hex')}x`;

async function carryOut(wiki: Wiki, commits: readonly string[], step: Action): Promise<unknown> {
  const { page: path, other, dryRun } = step;
  const revision = commits[step.back % commits.length] ?? '';
  const write = { dryRun };
  switch (step.kind) {
    case 'put':
      return wiki.putPage({ path, content: 'own words', revision, onConflict: 'merge' }, write);
    case 'patch':
      return wiki.patchPage(
        { path, section: 'Title', content: 'own words', revision, onConflict: 'merge' },
        write,
      );
    case 'delete':
      return wiki.deletePage({ path }, write);
    case 'recursive':
      return wiki.deletePage({ path, recursive: true }, write);
    case 'rename':
      return wiki.renamePage({ path, newPath: other }, write);
    case 'restore':
      return wiki.restorePage({ path, to: revision }, write);
    case 'attach':
      return wiki.putAttachment({ path, filename: 'pic.png', content: Buffer.from('own words') }, write);
    case 'detach':
      return wiki.deleteAttachment({ path, filename: 'pic.png' }, write);
    case 'batch': {
      const changes: BatchChange[] = [
        { op: 'put', path: other, content: 'own words', ifMatch: '*' },
        { op: 'delete', path },
      ];
      return wiki.batch(step.back % 2 === 0 ? changes : changes.toReversed(), write);
    }
    case 'revert':
      return wiki.revert(revision, write);
  }
}

async function contents({ repository }: RuledWiki): Promise<Map<string, string>> {
  const view = await repository.view();
  return new Map((await view.files('')).map(({ path, oid }) => [path, oid]));
}

/** Ids of the commits, newest first. */
async function fill(made: RuledWiki, changes: readonly Edit[]): Promise<string[]> {
  const [commits, now]: [string[], Map<string, number>] = [[], new Map()];
  for (const [index, change] of changes.entries()) {
    const texts = Object.entries(effective(change, now)).map(([path, number]) => {
      const links = PAGES.filter((_, at) => ((number ?? 0) + at) % 4 === 0).map(page => `[[${page}]]`);
      return [path, number === null ? null : `# Title\n${canary(path)} ${index}\n${links.join(' ')}\n`];
    });
    if (texts.length > 0) commits.push(await made.commit(Object.fromEntries(texts), `commit ${index}`));
  }
  return commits.toReversed();
}

interface Outcome {
  /** All that the caller was told. */
  told: string;
  refused: string | undefined;
}

async function outcomeOf(call: Promise<unknown>): Promise<Outcome> {
  try {
    return { told: JSON.stringify(await call), refused: undefined };
  } catch (error) {
    if (!isKittiwakeError(error)) throw error;
    return { told: JSON.stringify([error.message, error.data]), refused: error.code };
  }
}

/** Paths of files that differ. */
function differing(before: Map<string, string>, after: Map<string, string>): string[] {
  const paths = [...new Set([...before.keys(), ...after.keys()])];
  return paths.filter(path => before.get(path) !== after.get(path));
}

const mayChange = (permits: CallerPermits, path: string) =>
  permits.may(path.endsWith('.md') ? 'write' : 'upload', path);

describe('any write by any caller', () => {
  it('changes only what the caller may change, or nothing, and tells nothing that is hidden', async () => {
    const seen = new Map<string, number>();

    async function check(made: RuledWiki, principal: Partial<Principal>, changes: Edit[], steps: Action[]) {
      const commits = await fill(made, changes);
      const permits = await made.permits(principal);
      const paths = new Set(changes.flatMap(change => Object.keys(change)));
      const hidden = [...paths].filter(path => !permits.may('read', path)).map(canary);
      for (const step of steps) {
        const [before, { head }] = [await contents(made), await made.repository.view()];
        const { told, refused } = await outcomeOf(carryOut(made.as(principal), commits, step));
        const changed = differing(before, await contents(made));
        const name = refused ?? (changed.length > 0 ? 'changed' : 'kept');
        seen.set(name, (seen.get(name) ?? 0) + 1);
        if (refused !== undefined || step.dryRun) expect((await made.repository.view()).head).toBe(head);
        expect(changed.filter(path => !mayChange(permits, path))).toEqual([]);
        expect(hidden.filter(word => told.includes(word))).toEqual([]);
      }
    }

    await fc.assert(
      fc.asyncProperty(
        edits,
        rules,
        principals,
        fc.array(action, { minLength: 1, maxLength: 4 }),
        async (changes, policyRules, principal, steps) =>
          check(await ruledWiki({ rules: policyRules }), principal, changes, steps),
      ),
      { numRuns: 300 },
    );
    // That all of it came to pass: refusals, changes and pages that are not there.
    for (const name of ['forbidden', 'changed', 'kept', 'page_not_found'])
      expect([name, (seen.get(name) ?? 0) > 5]).toEqual([name, true]);
  });
});
