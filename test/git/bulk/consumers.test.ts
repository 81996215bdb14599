import { expect, test } from 'vitest';
import { commitBulk } from '../../../src/git/bulk/commit-bulk.ts';
import { changesBetween } from '../../../src/projection/catch-up.ts';
import { createEventReader } from '../../../src/projection/event/event-reader.ts';
import { visibleEvents } from '../../../src/projection/event/visible-events.ts';
import type { Permits } from '../../../src/wiki/access.ts';
import { CommitSights } from '../../../src/wiki/bound/commit-sights.ts';
import { WITHHELD } from '../../../src/wiki/bound/visible-commit.ts';
import { visibleView } from '../../../src/wiki/bound/visible-view.ts';
import { commitFiles } from '../../support/repository.ts';
import { bulkOf, manyPages, newWiki, storeRun } from './bulk-support.ts';

async function importedWiki() {
  const repository = await newWiki();
  const first = await commitFiles(repository, { 'first.md': 'first' });
  const { commit = '' } = await commitBulk(
    await bulkOf(repository, [await storeRun(repository, manyPages(1500))]),
  );
  const last = await commitFiles(repository, { 'last.md': 'last' });
  return { view: await repository.view(), first, commit, last };
}

/** Someone who may read what is below a prefix. */
const readerOf = (prefix: string): Permits =>
  ({ may: (_right: string, path: string) => path.startsWith(prefix) }) as unknown as Permits;

test('events tell once that an import changed the history, and go on behind it', async () => {
  const { view, commit, last } = await importedWiki();
  const reader = createEventReader();
  const start = { after: { head: null, ordinal: -1 }, told: 0 };
  const batch = await reader.after(view, start, { limit: 2 });
  expect(batch?.events.map(({ type }) => type)).toEqual(['page_created', 'history_changed']);
  expect(batch?.events[1]).toMatchObject({ id: `${commit}-history`, commit, file: '' });
  const rest = await reader.after(view, batch?.position ?? start, { limit: 10 });
  expect(rest?.events).toMatchObject([{ type: 'page_created', commit: last }]);
});

test('what follows from commits compares everything behind an import', async () => {
  const { view, first, commit } = await importedWiki();
  const behind = await changesBetween({ head: first, ordinal: 0 }, view);
  expect(behind.kind).toBe('all');
  expect((await changesBetween({ head: commit, ordinal: 1 }, view)).kind).toBe('commits');
});

test('who may read a part of the wiki is not told what an import was about', async () => {
  const { view, commit } = await importedWiki();
  for (const [prefix, shown] of [
    ['section-0/', 'section-0/part 0/page-0.md'],
    ['section-6/part 9/', undefined],
  ] as const) {
    const permits = readerOf(prefix);
    const seen = visibleView(view, permits, new CommitSights());
    const entry = await seen.logEntry(commit);
    expect(entry?.commit.message).toBe(WITHHELD);
    expect(entry?.omitted).toBe(1);
    expect(entry?.changes.every(({ path }) => path.startsWith(prefix))).toBe(true);
    expect(entry?.changes[0]?.path).toBe(shown);
    expect((await seen.commit(commit))?.message).toBe(WITHHELD);
  }
  const reader = createEventReader();
  const all = await reader.of(view, commit);
  const events = await visibleEvents(reader, view, all?.events ?? [], readerOf(''));
  expect(events).toMatchObject([{ type: 'history_changed', message: WITHHELD }]);
});
