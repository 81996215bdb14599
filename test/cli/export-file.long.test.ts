import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { kittiwake, startKittiwake, temporaryFolder } from '../support/cli.ts';
import { createData, openData } from '../support/data-folder.ts';
import { nativeGit } from '../support/native-git.ts';
import { commitFiles } from '../support/repository.ts';
import { runHere } from '../support/run-here.ts';

let folder: ReturnType<typeof temporaryFolder>;
beforeEach(() => {
  folder = temporaryFolder();
});
afterEach(() => folder.remove());

/** A wiki of pages that take a while to be written. */
async function makeWiki(pages: number): Promise<void> {
  const repository = await createData(folder.path('data'));
  const text = (page: number) => `# ${page}\n\n${randomBytes(1_500).toString('base64')}`;
  const files = Array.from({ length: pages }, (_, page) => [`d${page % 40}/page-${page}.md`, text(page)]);
  await commitFiles(repository, Object.fromEntries(files));
}

const run = (...args: string[]) => runHere(['export', ...args, '--data', folder.path('data')]);

describe('kittiwake export into one file', () => {
  it.each(['zip', 'ndjson'])('is gone on with after kill -9, to the same bytes: %s', async format => {
    await makeWiki(12_000);
    const [whole, broken] = [folder.path(`whole.${format}`), folder.path(`broken.${format}`)];
    expect(await run(whole)).toMatchObject({ code: 0 });
    const args = ['export', `--${format}`, broken, '--data', folder.path('data')];
    const { child, finished } = startKittiwake(args);
    const [partial, journal] = [`${broken}.partial`, `${broken}.journal`];
    const noted = () => (existsSync(journal) ? statSync(journal).size : 0);
    while (child.exitCode === null && noted() < 200) await delay(1);
    child.kill('SIGKILL');
    await finished;
    expect(existsSync(broken)).toBe(false);
    expect(await run(`--${format}`, broken)).toMatchObject({
      code: 1,
      err: expect.stringContaining('--resume continues it'),
    });
    const { out } = await run(`--${format}`, broken, '--resume');
    expect(Number(/Exported (\d+) files/.exec(out)?.[1])).toBeLessThan(12_000);
    expect(readFileSync(broken).equals(readFileSync(whole))).toBe(true);
    expect([existsSync(partial), existsSync(journal)]).toEqual([false, false]);
  });

  it('writes to the standard output, with everything else elsewhere', async () => {
    await makeWiki(3);
    const { code, out } = await kittiwake(['export', '--ndjson', '-', '--data', folder.path('data')]);
    expect(code).toBe(0);
    const lines = out
      .trim()
      .split('\n')
      .map(line => JSON.parse(line).path);
    expect(lines).toEqual(['d0/page-0', 'd1/page-1', 'd2/page-2']);
  });

  it('writes a bundle that native git takes', async () => {
    await makeWiki(30);
    const repository = await openData(folder.path('data')).repository();
    await commitFiles(repository, { 'd1/page-1.md': 'changed', 'again.md': 'changed' });
    await repository.flusher.flush();
    const head = await commitFiles(repository, { 'd1/page-1.md': 'changed again', 'd2/page-2.md': null });
    const file = folder.path('wiki.bundle');
    expect(await run(file)).toMatchObject({ code: 0, err: '' });
    nativeGit(folder.path(), 'init', '--quiet', 'empty');
    expect(nativeGit(folder.path('empty'), 'bundle', 'verify', file)).toContain('complete history');
    nativeGit(folder.path(), '-c', 'transfer.fsckObjects=true', 'clone', '--quiet', file, 'clone');
    expect(nativeGit(folder.path('clone'), 'rev-parse', 'HEAD').trim()).toBe(head);
    expect(nativeGit(folder.path('clone'), 'fsck', '--full', '--strict')).toBe('');
  });

  it('has no bundle of a wiki without a commit', async () => {
    await createData(folder.path('data'));
    expect(await run('--bundle', '-')).toMatchObject({
      code: 1,
      err: expect.stringContaining('export_empty'),
    });
  });

  it('writes over nothing, resumes nothing that is not there, and goes on with no other export', async () => {
    await makeWiki(3);
    const file = folder.path('a.zip');
    expect(await run(file, '--resume')).toMatchObject({
      err: expect.stringContaining('export_not_resumable'),
    });
    expect(await run(file)).toMatchObject({ code: 0 });
    expect(execFileSync('unzip', ['-t', file], { encoding: 'utf8' })).toContain('No errors');
    expect(await run(file)).toMatchObject({ code: 1, err: expect.stringContaining('export_exists') });
  });

  it.each([
    [['a', '--zip', 'b'], 'usage'],
    [['--zip', 'a', '--ndjson', 'b'], 'choose one of them'],
    [['--zip', 'a', '--bare'], 'choose one of them'],
    [['a', '--resume'], '--zip or --ndjson'],
    [['a.zip', '--attachments'], 'only lines of JSON'],
    [['a.bundle', '--prefix', 'x'], 'of everything'],
    [['--ndjson', '-', '--resume'], 'are gone on with'],
    [[], 'export'],
  ])('refuses %j', async (args, message) => {
    await makeWiki(1);
    expect(await run(...args)).toMatchObject({ code: 2, err: expect.stringContaining(message) });
  });
});
