import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { LedgerRepository } from '../../../src/git/open.ts';
import { importHistory } from '../../../src/import/git/import-history.ts';
import { findSource } from '../../../src/import/import-source.ts';
import { createEventReader, type EventPosition } from '../../../src/projection/event/event-reader.ts';
import type { WikiEvent } from '../../../src/projection/event/wiki-event.ts';
import { nativeGit } from '../../support/native-git.ts';
import { needs } from '../../support/needs.ts';
import { newRepository } from '../../support/repository.ts';

/** What one commit does to the tree of its first parent. */
type Step =
  | { kind: 'write'; path: string; seed: number }
  | { kind: 'remove'; pick: number }
  | { kind: 'move'; pick: number; path: string };

interface Made {
  steps: readonly Step[];
  /** A second parent: one of the commits before, with a commit of its own on top of it. */
  merges: number | undefined;
}

const path = fc
  .array(fc.constantFrom('a', 'b', 'ü', 'a b'), { minLength: 1, maxLength: 3 })
  .chain(names => fc.constantFrom('.md', '.png', '.txt').map(end => `${names.join('/')}${end}`));
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('write' as const), path, seed: fc.nat(1e9) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('remove' as const), pick: fc.nat(99) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('move' as const), pick: fc.nat(99), path }) },
);
const history: fc.Arbitrary<Made[]> = fc.array(
  fc.record({
    steps: fc.array(step, { maxLength: 6 }),
    merges: fc.option(fc.nat(99), { nil: undefined, freq: 3 }),
  }),
  { minLength: 1, maxLength: 12 },
);

it('events are what git tells of each commit and its first parent, however they are cut into batches', async ctx => {
  needs(ctx, 'git');
  await fc.assert(
    fc.asyncProperty(history, fc.integer({ min: 1, max: 5 }), async (made, limit) => {
      const folder = mkdtempSync(join(tmpdir(), 'kittiwake-events-'));
      try {
        nativeGit(folder, 'init', '--quiet', '--bare', '--initial-branch', 'main');
        const input = fastImport(made);
        execFileSync('git', ['fast-import', '--quiet'], { cwd: folder, input });
        const repository = await imported(folder);
        expect(await told(repository, limit)).toEqual(expected(folder));
      } finally {
        rmSync(folder, { recursive: true, force: true });
      }
    }),
    { numRuns: 25 },
  );
}, 120_000);

async function imported(folder: string): Promise<LedgerRepository> {
  const repository = await newRepository();
  const source = await findSource(folder, false);
  if (source.kind === 'folder') throw new Error('a repository was expected');
  const progress = { phase: () => undefined, advance: () => undefined };
  await importHistory({ source, repository, retainPageNameCase: false, progress });
  return repository;
}

async function told(repository: LedgerRepository, limit: number): Promise<string[]> {
  const [reader, view] = [createEventReader(), await repository.view()];
  const events: WikiEvent[] = [];
  let position: EventPosition = { after: { head: null, ordinal: -1 }, told: 0 };
  for (let more = true; more; ) {
    const batch = await reader.after(view, position, { limit, maxCommits: 3 });
    if (batch === undefined) throw new Error('the position is on the line');
    expect(batch.events.length).toBeLessThanOrEqual(limit);
    events.push(...batch.events);
    ({ position, more } = batch);
  }
  expect(position.after.head).toBe(view.head);
  const counts = new Map<string, number>();
  for (const { id, commit } of events) {
    const n = counts.get(commit) ?? 0;
    counts.set(commit, n + 1);
    expect(id).toBe(`${commit}-${n}`);
  }
  return events.map(event =>
    [event.commit, event.type, event.file, ...('from' in event ? [event.from] : [])].join(' '),
  );
}

/** From `git diff`, with identical contents as renames. */
function expected(folder: string): string[] {
  const commits = nativeGit(folder, 'rev-list', '--first-parent', '--reverse', 'main').trim().split('\n');
  const empty = nativeGit(folder, 'hash-object', '-t', 'tree', '/dev/null').trim();
  return commits.flatMap((commit, index) => {
    const before = commits[index - 1] ?? empty;
    const fields = nativeGit(folder, 'diff', '--name-status', '-z', '-M100%', '-l0', before, commit).split(
      '\0',
    );
    return lines(fields)
      .sort((a, b) => Buffer.compare(Buffer.from(a.file), Buffer.from(b.file)))
      .map(({ type, file, from }) => [commit, type, file, ...(from === undefined ? [] : [from])].join(' '));
  });
}

function lines(fields: string[]): { type: string; file: string; from?: string }[] {
  const found: { type: string; file: string; from?: string }[] = [];
  for (let at = 0; at + 1 < fields.length; ) {
    const [status = '', first = '', second = ''] = fields.slice(at, at + 3);
    at += status.startsWith('R') ? 3 : 2;
    if (!status.startsWith('R')) found.push(typed(status, first));
    else if (isPage(first) && isPage(second)) found.push({ type: 'page_renamed', file: second, from: first });
    else found.push(typed('D', first), typed('A', second));
  }
  return found;
}

function typed(status: string, file: string): { type: string; file: string } {
  const words: Record<string, string> = { A: 'created', M: 'updated', D: 'deleted' };
  if (isPage(file)) return { type: `page_${words[status]}`, file };
  return { type: status === 'D' ? 'attachment_deleted' : 'attachment_saved', file };
}

function isPage(file: string): boolean {
  return file.endsWith('.md');
}

/** The history as `git fast-import` reads it. No content comes twice, and none is like another one. */
function fastImport(made: readonly Made[]): string {
  const trees: Map<string, string>[] = [];
  const text: string[] = [];
  const write = (mark: number, parents: readonly number[], tree: Map<string, string>) => {
    const who = `Ann <ann@example.org> ${1_700_000_000 + mark * 60} +0130`;
    const branch = mark >= 1_000 ? 'side' : 'main';
    text.push(`commit refs/heads/${branch}${mark >= 1_000 ? mark : ''}`, `mark :${mark}`);
    text.push(`author ${who}`, `committer ${who}`, `data ${String(mark).length}`, String(mark));
    for (const [n, parent] of parents.entries()) text.push(`${n === 0 ? 'from' : 'merge'} :${parent}`);
    text.push('deleteall');
    for (const [file, content] of tree)
      text.push(`M 100644 inline "${file}"`, `data ${content.length}`, content);
    text.push('');
  };
  for (const [index, { steps, merges }] of made.entries()) {
    const mark = index + 1;
    const tree = new Map(trees[index - 1]);
    for (const each of steps) change(tree, each, `${mark}`);
    const other = merges === undefined || index === 0 ? undefined : (merges % index) + 1;
    const side = new Map(trees[(other ?? 1) - 1]).set(`side-${mark}.md`, contentOf(mark, 'side'));
    if (other !== undefined) write(1_000 + mark, [other], side);
    write(mark, [...(index === 0 ? [] : [index]), ...(other === undefined ? [] : [1_000 + mark])], tree);
    trees.push(tree);
  }
  return text.join('\n');
}

function change(tree: Map<string, string>, each: Step, salt: string): void {
  if (each.kind === 'write') {
    tree.set(each.path, contentOf(each.seed, salt));
    return;
  }
  const from = [...tree.keys()].sort()[each.pick % Math.max(tree.size, 1)];
  if (from === undefined) return;
  const content = tree.get(from) ?? '';
  if (each.kind === 'move' && tree.has(each.path)) return;
  tree.delete(from);
  if (each.kind === 'move') tree.set(each.path, content);
}

function contentOf(seed: number, salt: string): string {
  return Array.from(
    { length: 4 },
    (_, line) => `${salt} ${seed} ${(seed * 31 + line * 7919) % 1_000_003}\n`,
  ).join('');
}
