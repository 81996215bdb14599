import { expect } from 'vitest';
import { hashObject } from '../../../src/git/object/object-codec.ts';
import { git } from '../../support/git-command.ts';
import { cloneOf } from '../clone.ts';
import type { Acknowledged, Course } from './course.ts';

/** Fails unless a fresh clone is sound and holds each acknowledged write once, with what was written, and no others. */
export async function expectAllThere(remote: string, courses: readonly Course[]): Promise<void> {
  const { folder } = await cloneOf(remote);
  expect(git(folder, ['fsck', '--full', '--strict']).toString()).toBe('');
  const acknowledged = courses.flatMap(course => course.acknowledged);
  expectCommits(folder, acknowledged);
  expectFiles(folder, acknowledged);
  expectLines(folder, acknowledged);
}

function expectCommits(folder: string, acknowledged: readonly Acknowledged[]): void {
  const lines = git(folder, ['log', '--format=%H %s', 'main']).toString().trim().split('\n');
  const commits = new Map(lines.map(line => [line.slice(0, 40), line.slice(41)]));
  const subjects = [...commits.values()].filter(subject => /^(api|git) \d+ \d+$/.test(subject));
  expect(subjects.sort()).toEqual(acknowledged.map(({ subject }) => subject).sort());
  const lost = acknowledged.filter(({ revision }) => !commits.has(revision));
  expect(lost).toEqual([]);
}

/** What was replaced as a whole is in its commit as it was sent. */
function expectFiles(folder: string, acknowledged: readonly Acknowledged[]): void {
  const sent = acknowledged.flatMap(({ revision, file }) => (file ? [{ revision, ...file }] : []));
  const input = sent.map(({ revision, path }) => `${revision}:${path}\n`).join('');
  const printed = git(folder, ['cat-file', '--batch-check=%(objectname)'], { input }).toString();
  const wanted = sent.map(({ content }) => hashObject('blob', Buffer.from(content)));
  expect(printed.trim().split('\n')).toEqual(wanted);
}

/** What was added to pages is there, each line once. */
function expectLines(folder: string, acknowledged: readonly Acknowledged[]): void {
  const added = acknowledged.filter(({ file }) => file === undefined).map(({ subject }) => subject);
  const printed = git(folder, ['grep', '-hE', '^(api|git) [0-9]+ [0-9]+$', 'main']).toString();
  expect(printed.trim().split('\n').sort()).toEqual(added.sort());
}
