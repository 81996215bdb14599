import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { examine } from '../../../src/git/doctor/doctor.ts';
import type { LedgerRepository } from '../../../src/git/open.ts';
import { createEngine } from '../../../src/import/engine/engine.ts';
import type { Job, JobOptions } from '../../../src/import/job/job.ts';
import { openJobs } from '../../../src/import/job/jobs.ts';
import type { RunEnvironment } from '../../../src/import/job/run-environment.ts';
import { runJob } from '../../../src/import/job/run-job.ts';
import { openJobSource } from '../../../src/import/job/run-source.ts';
import { createDescribe } from '../../../src/wiki/markup/describe.ts';
import { isPageFile } from '../../../src/wiki/name/page-path.ts';
import { DEFAULT_SETTINGS } from '../../../src/wiki/settings.ts';
import { allOf, noise } from '../../support/large-files.ts';
import { commitFiles, newRepository } from '../../support/repository.ts';
import { filesOf, smallEnvironment, smallJob, sourceMeans } from './small-import.ts';

let folder = '';
let repository: LedgerRepository;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'kittiwake-folder-job-'));
  repository = await newRepository({ isPage: isPageFile, describe: createDescribe(DEFAULT_SETTINGS) });
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function put(path: string, content: string | Buffer): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), content);
}

/** A job that imports the folder, and what carries it out. */
async function start(options: Partial<JobOptions> = {}) {
  const jobs = openJobs(repository);
  const { head } = await repository.view();
  const { id: _, createdMs, parts, commits, ...wish } = smallJob({ format: 'markdown', ...options });
  const source = { kind: 'local', path: folder, name: basename(folder), bytes: 0 } as const;
  const base = head === undefined ? {} : { baseHead: head };
  const { job } = await jobs.create(() => ({ ...wish, ...base, source }));
  const means = sourceMeans(repository);
  const environment: RunEnvironment = {
    ...smallEnvironment(repository, jobs, []),
    open: (each, signal) => openJobSource(each, means, signal),
    engine: createEngine(DEFAULT_SETTINGS),
  };
  return { id: job.id, environment };
}

async function run(options: Partial<JobOptions> = {}): Promise<Job> {
  const { id, environment } = await start(options);
  const outcome = await runJob(environment, { id, signal: new AbortController().signal });
  if (outcome.kind !== 'ended') throw new Error(`it is ${outcome.kind}`);
  return outcome.job;
}

async function errorsFound(): Promise<unknown[]> {
  return (await examine(repository)).findings.filter(finding => finding.severity === 'error');
}

describe('importing a folder', () => {
  it('brings pages and their files in, byte for byte, as one commit', async () => {
    put('Home.md', '# Home\r\n');
    put('Docs/Intro.md', 'x');
    put('Docs/Intro/Picture.PNG', Buffer.from([0, 255, 1, 254]));
    const job = await run();
    expect(job).toMatchObject({ state: 'done', report: { written: 2, attachments: 1, failed: 0 } });
    const view = await repository.view();
    expect([view.head, view.ordinal]).toEqual([job.commits[0], 0]);
    expect(Object.keys(await filesOf(repository))).toEqual([
      'docs/intro.md',
      'docs/intro/Picture.PNG',
      'home.md',
    ]);
    expect((await filesOf(repository))['home.md']).toBe('# Home\r\n');
    const { message } = (await view.commit(view.head ?? '')) ?? {};
    expect(message).toBe(`[import] ${basename(folder)}: 2 pages, 1 other files\n`);
    expect(await errorsFound()).toEqual([]);
  });

  it('adds to a wiki that has pages, and commits nothing the second time', async () => {
    const first = await commitFiles(repository, { 'docs/old.md': 'old', 'a.md': 'same' });
    put('docs/new.md', 'new');
    put('a.md', 'same');
    const { commits, report } = await run();
    expect(report).toMatchObject({ written: 1, unchanged: 1 });
    expect((await (await repository.view()).commit(commits[0] ?? ''))?.parents).toEqual([first]);
    expect(await run()).toMatchObject({ commits: [], report: { written: 0, unchanged: 2 } });
  });

  it('leaves out what cannot be had, says why, and takes the rest', async () => {
    await commitFiles(repository, { file: 'x', 'folder.md/page.md': 'x' });
    put('file/page.md', 'x');
    put('folder.md', 'x');
    put('back\\slash.md', 'x');
    put('.hidden.md', 'x');
    put('good.md', 'good');
    const { report, left } = await run();
    expect(report).toMatchObject({ written: 1, failed: 3 });
    expect(report?.failures.map(({ message }) => message).join()).toMatch(/backslash/);
    expect(left).toEqual(['left out: 1 file or folder (hidden)']);
    expect((await filesOf(repository))['good.md']).toBe('good');
  });

  it('names the files that failed, and says how many links lead nowhere', async () => {
    put('Notes/One.md', '[[Two]] [[Gone]] [[Lost]]');
    put('Notes/two.md', 'first');
    put('Notes/Two.md', 'second');
    put('Notes/Bad.md', Buffer.from([0xff, 0xfe, 0x20]));
    const job = await run({ reading: { convention: 'obsidian' } });
    const name = basename(folder);
    expect(job.report?.notes).toEqual(['2 links lead nowhere: they are as they were']);
    expect(job.failures).toEqual([
      {
        origins: [{ source: name, row: 1 }],
        code: 'text_invalid',
        message: 'Reading a page: it is not UTF-8 text',
        place: 'Notes/Bad.md',
      },
      {
        origins: [{ source: name, row: 4 }],
        code: 'path_duplicate',
        message: `Writing "notes/two.md" fails: an earlier row has the same path and other content: row 3 of "${name}", "Notes/Two.md"`,
        place: 'Notes/two.md',
      },
    ]);
    const stopped = await run({ onError: 'fail' });
    expect(stopped.error?.message).toContain(`row 1 of "${name}", "Notes/Bad.md"`);
  });

  it('loses nothing that others write meanwhile', async () => {
    for (let index = 0; index < 50; index += 1) put(`mine/${index}.md`, `text ${index}`);
    const others = Array.from({ length: 8 }, (_, index) =>
      commitFiles(repository, { [`theirs/${index}.md`]: 'x' }),
    );
    await Promise.all([run(), ...others]);
    expect(Object.keys(await filesOf(repository))).toHaveLength(58);
    expect((await repository.view()).ordinal).toBe(8);
    expect(await errorsFound()).toEqual([]);
  });

  it('brings a large file in as a pack of its own, and knows it again', async () => {
    const film = noise(17 << 20);
    put('home.md', 'x');
    put('home/film.mp4', film);
    put('home/copy.mp4', film);
    expect((await run()).report).toMatchObject({ written: 1, attachments: 2 });
    const view = await repository.view();
    const file = await view.file('home/film.mp4');
    expect(await view.file('home/copy.mp4')).toMatchObject({ oid: file?.oid, size: film.length });
    expect((await allOf((await view.openBlob(file?.oid ?? '')).chunks)).equals(film)).toBe(true);
    expect(await run()).toMatchObject({ commits: [], report: { unchanged: 3 } });
    expect(await errorsFound()).toEqual([]);
  });

  it('refuses a folder that has changed since its checkpoint', async () => {
    put('a.md', 'a');
    const { id, environment } = await start();
    const stopping = new AbortController();
    const onProgress = (job: Job) => job.state === 'running' && stopping.abort();
    const planned = await runJob({ ...environment, onProgress }, { id, signal: stopping.signal });
    expect(planned).toEqual({ kind: 'more' });
    put('b.md', 'another page');
    const outcome = await runJob(environment, { id, signal: new AbortController().signal });
    expect(outcome).toMatchObject({ job: { state: 'failed', error: { code: 'source_replaced' } } });
  });
});
