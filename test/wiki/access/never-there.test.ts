import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { CallerPermits } from '../../../src/auth/policy/permits.ts';
import type { Wiki } from '../../../src/wiki/wiki.ts';
import { openIndex } from '../../projection/search-support.ts';
import { newWiki, type TestWiki } from '../wiki-support.ts';
import { ruledWiki } from './access-support.ts';
import { contentOf, type Edit, edits, effective, PAGES, principals, rules } from './random-wiki.ts';

type Read = (wiki: Wiki) => Promise<unknown>;

const READS: Record<string, Read> = {
  list: wiki => wiki.listPages(),
  'list by tag': wiki => wiki.listPages({ tag: 't1', prefix: 'secret' }),
  graph: wiki => wiki.linkGraph(),
  changelog: wiki => wiki.changelog(),
  'part of the changelog': wiki => wiki.changelog({ limit: 2 }),
  ...perPage('page', (wiki, path) => wiki.readPage(path).then(({ body }) => body)),
  ...perPage('links', (wiki, path) => wiki.pageLinks(path)),
  ...perPage('history', (wiki, path) => wiki.pageHistory(path)),
  ...perPage('attachments', (wiki, path) => wiki.listAttachments(path)),
  ...perPage('attachment', (wiki, path) => wiki.readAttachment(path, 'pic.png').then(({ body }) => body)),
};

function perPage(name: string, read: (wiki: Wiki, path: string) => Promise<unknown>): Record<string, Read> {
  return Object.fromEntries(PAGES.map(path => [`${name} ${path}`, (wiki: Wiki) => read(wiki, path)]));
}

/** Pages as they were after the commits of these numbers, if there are such commits. */
function readsOfRevisions(numbers: readonly string[], commits: Map<string, string>): Record<string, Read> {
  const revisions = new Map([...commits].map(([revision, number]) => [number, revision]));
  const reads = numbers.flatMap(number =>
    PAGES.map((path): [string, Read] => [
      `${path} at ${number}`,
      wiki => wiki.readPage(path, { revision: revisions.get(number) ?? 'none' }).then(({ body }) => body),
    ]),
  );
  return Object.fromEntries(reads);
}

/** Answers, or refusals, with commits named by their number and without the time. */
async function answers(
  wiki: Wiki,
  commits: Map<string, string>,
  numbers: readonly string[],
): Promise<Record<string, unknown>> {
  const found: Record<string, unknown> = {};
  for (const [name, read] of Object.entries({ ...READS, ...readsOfRevisions(numbers, commits) })) {
    const answer = await read(wiki).catch(error => `${error.code}: ${error.message}`);
    const text = JSON.stringify(answer)
      .replace(/\b[0-9a-f]{40}\b/g, oid => commits.get(oid) ?? oid)
      .replace(/\d{4}-\d\d-\d\dT[\d:+]+/g, 'TIME');
    found[name] = JSON.parse(text);
  }
  return found;
}

/** Commits what the changes come to, each with its number as its message, unless it is only about others' files. */
async function build(
  made: TestWiki,
  changes: readonly Edit[],
  permits?: CallerPermits,
): Promise<Map<string, string>> {
  const [now, commits] = [new Map<string, number>(), new Map<string, string>()];
  for (const [index, change] of changes.entries()) {
    const whole = Object.entries(effective(change, now));
    const visible = whole.filter(([path]) => permits?.may('read', path) ?? true);
    if (visible.length === 0) continue;
    const message = visible.length < whole.length ? '(not shown)' : `commit ${index}`;
    const files = visible.map(([path, number]) => [path, number === null ? null : contentOf(number)]);
    commits.set(await made.commit(Object.fromEntries(files), message), `#${index}`);
  }
  return commits;
}

async function search({ repository }: TestWiki, mayRead?: (path: string) => boolean): Promise<unknown> {
  const index = openIndex();
  const view = await repository.view();
  const readable = mayRead && (() => mayRead);
  const queries = ['gull', 'title 3', 'canary2', 'docs'].map(query =>
    index.search(view, query, { offset: 1, limit: 3 }, readable),
  );
  return Promise.all(queries);
}

describe('what a caller reads', () => {
  it('equals what a wiki answers in which the rest was never there', async () => {
    await fc.assert(
      fc.asyncProperty(edits, rules, principals, async (changes, policyRules, principal) => {
        const whole = await ruledWiki({ rules: policyRules, access: { read: 'ANONYMOUS' } });
        const permits = await whole.permits(principal);
        const part = await newWiki();
        const commits = await build(whole, changes);
        const others = await build(part, changes, permits);
        // The newest commit is there for everybody.
        const older = [...commits.values()].slice(0, -1);
        const seen = await answers(whole.as(principal), commits, older);
        expect(seen).toEqual(await answers(part.wiki, others, older));
      }),
      { numRuns: 60 },
    );
  });

  it('equals it in searches, too', async () => {
    await fc.assert(
      fc.asyncProperty(edits, rules, principals, async (changes, policyRules, principal) => {
        const whole = await ruledWiki({ rules: policyRules, access: { read: 'ANONYMOUS' } });
        const permits = await whole.permits(principal);
        const part = await newWiki();
        await build(whole, changes);
        await build(part, changes, permits);
        expect(await search(whole, path => permits.may('read', path))).toEqual(await search(part));
      }),
      { numRuns: 15 },
    );
  });
});
