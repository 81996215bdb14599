import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { kittiwake, startKittiwake } from '../support/cli.ts';
import { expectExamined } from '../support/data-folder.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'kittiwake-cli-import-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const BATCH = { KITTIWAKE_IMPORT_BATCH: '1MiB' };
const TEXT = 'Kittiwakes nest on narrow ledges of steep cliffs, and come to land for nothing else. '.repeat(
  12,
);

function textOf(n: number): string {
  return `# Page ${n}\n\n${TEXT}`;
}

/** About 1 kB a row, in nested folders. */
function csvOf(rows: number): string {
  const file = join(folder, 'birds.csv');
  const lines = Array.from({ length: rows }, (_, n) => `area ${n % 17}/page ${n},"${textOf(n)}"\n`);
  writeFileSync(file, `path,content\n${lines.join('')}`);
  return file;
}

function ndjsonOf(rows: number): string {
  const file = join(folder, 'birds.ndjson');
  const line = (n: number) => JSON.stringify({ path: `area ${n % 17}/page ${n}`, content: textOf(n) });
  writeFileSync(file, Array.from({ length: rows }, (_, n) => `${line(n)}\n`).join(''));
  return file;
}

/** The id of the newest commit's tree, of a wiki in which nothing is wrong. */
async function treeOf(data: string): Promise<string | undefined> {
  const repository = await expectExamined(data);
  return (await (await repository.view()).entry(''))?.oid;
}

async function idOf(data: string): Promise<string> {
  const { out } = await kittiwake(['import', 'list', '--data', data]);
  return out.split(' ')[0] ?? '';
}

describe('importing a table', () => {
  it('makes pages of rows by a pipeline, and names each row that failed', async () => {
    const data = join(folder, 'data');
    const file = join(folder, 'birds.csv');
    writeFileSync(file, 'name,text\nPuffin,Beak\n,Nothing\nGannet,Dive\n');
    const pipeline = join(folder, 'p.yaml');
    writeFileSync(pipeline, 'page:\n  path: "{{name}}"\n  content: "{{text}}"\n');
    const errors = join(folder, 'errors.ndjson');
    const args = ['import', file, '--pipeline', pipeline, '--data', data, '--errors', errors];
    const first = await kittiwake(args);
    expect(first.err).toMatch(/failed: birds\.csv, row 2: /);
    expect(first.out).toMatch(/^Imported 2 pages, 0 other files, 1 commit, 0\.0 MB, 1 failed in /);
    expect(JSON.parse(readFileSync(errors, 'utf8'))).toMatchObject({
      origins: [{ source: 'birds.csv', row: 2 }],
    });
    const again = await kittiwake(args);
    expect(again.out).toBe('Nothing new in birds.csv: 2 unchanged, 1 failed\n');
    expect([first.code, again.code]).toEqual([0, 0]);
  });

  it('asks the plugins before it reads a row, or a commit of a repository', async () => {
    const plugin = join(folder, 'scan.mjs');
    const hook = 'async beforeImport({ name }, { refuse }) { refuse(name); }';
    writeFileSync(plugin, `export const plugin = { name: 'scan', ${hook} };`);
    const repository = join(folder, 'repository.bundle');
    writeFileSync(repository, '# v2 git bundle\n');
    for (const file of [csvOf(1), repository]) {
      const { code, err } = await kittiwake(['import', file, '--data', join(folder, 'data')], {
        env: { KITTIWAKE_PLUGINS: plugin },
      });
      expect([code, err]).toEqual([
        1,
        `error: Refused by the plugin "scan": ${basename(file)} (plugin_refused)\n`,
      ]);
    }
  });

  it('refuses what a pipeline must not hold before anything runs', async () => {
    const pipeline = join(folder, 'p.yaml');
    writeFileSync(pipeline, 'page:\n  paht: "{{name}}"\n');
    const { code, err } = await kittiwake([
      'import',
      csvOf(1),
      '--pipeline',
      pipeline,
      '--data',
      join(folder, 'data'),
    ]);
    expect(code).toBe(1);
    expect(err).toMatch(/line 2, column \d+.*"paht".*\(pipeline_invalid\)/);
  });

  it('says in a dry run what would come of it', async () => {
    const data = join(folder, 'data');
    const { out } = await kittiwake(['import', csvOf(30), '--dry-run', '--data', data]);
    expect(out).toMatch(/^Would import 30 pages, 0 other files, /);
    const real = await kittiwake(['import', csvOf(30), '--data', data]);
    expect(real.out).toMatch(/^Imported 30 pages, /);
  });

  it('keeps its checkpoint at Ctrl-C, and the same command goes on', { timeout: 120_000 }, async () => {
    const [data, file] = [join(folder, 'data'), csvOf(30_000)];
    const running = startKittiwake(['import', file, '--data', data, '--workers', '0'], { env: BATCH });
    await hasCheckpoint(data);
    running.child.kill('SIGINT');
    const stopped = await running.finished;
    expect(stopped.code).toBe(130);
    expect(stopped.err).toMatch(/go on with "kittiwake import --resume [0-9a-f]{32}"/);
    const status = await kittiwake(['import', 'list', '--data', data]);
    expect(status.out).toMatch(/ running \d+ % of /);
    const done = await kittiwake(['import', file, '--data', data], { env: BATCH });
    expect(done.err).toMatch(/Going on with the import [0-9a-f]{32}/);
    expect(done.out).toMatch(/^Imported 30000 pages, 0 other files, 1 commit/);
  });

  it('has the same tree when it was killed again and again', { timeout: 240_000 }, async () => {
    const file = csvOf(12_000);
    const whole = join(folder, 'whole');
    await kittiwake(['import', file, '--data', whole], { env: BATCH });
    const data = join(folder, 'data');
    for (let kill = 0; kill < 6; kill += 1) {
      const running = startKittiwake(['import', file, '--data', data], { env: BATCH });
      await Promise.race([wait(300 + kill * 250), running.finished]);
      running.child.kill('SIGKILL');
      await running.finished;
    }
    const done = await kittiwake(['import', file, '--data', data], { env: BATCH });
    expect(done.out).toMatch(/^(Imported 12000 pages|Nothing new)/);
    expect(await treeOf(data)).toBe(await treeOf(whole));
  });

  it('is shared by four processes that take parts of it', { timeout: 240_000 }, async () => {
    const [data, file] = [join(folder, 'data'), ndjsonOf(8_000)];
    const first = startKittiwake(['import', file, '--parts', '8', '--data', data], { env: BATCH });
    await hasCheckpoint(data);
    const id = await idOf(data);
    const others = [1, 2, 3].map(() => kittiwake(['import', '--resume', id, '--data', data], { env: BATCH }));
    const outcomes = await Promise.all([first.finished, ...others]);
    for (const { out } of outcomes) expect(out).toMatch(/^Imported 8000 pages, 0 other files, 1 commit/);
    const whole = join(folder, 'whole');
    await kittiwake(['import', file, '--data', whole], { env: BATCH });
    expect(await treeOf(data)).toBe(await treeOf(whole));
  });

  it('is listed, and can be cancelled', { timeout: 120_000 }, async () => {
    const [data, file] = [join(folder, 'data'), csvOf(30_000)];
    const running = startKittiwake(['import', file, '--data', data, '--workers', '0'], { env: BATCH });
    await hasCheckpoint(data);
    running.child.kill('SIGKILL');
    await running.finished;
    const id = await idOf(data);
    const cancelled = await kittiwake(['import', 'cancel', id, '--data', data]);
    expect(cancelled.out).toBe(`The import ${id} is cancelled\n`);
    const status = await kittiwake(['import', 'status', id, '--data', data]);
    expect(status.out).toMatch(/ cancelled 31\.\d MB birds\.csv\nThe import was cancelled/);
    expect((await (await expectExamined(data)).view()).head).toBeUndefined();
  });
});

/** Waits until an import of that wiki has read something. */
async function hasCheckpoint(data: string): Promise<void> {
  for (;;) {
    const { out } = await kittiwake(['import', 'list', '--data', data]);
    if (/ running [1-9]\d* % of /.test(out)) return;
    await wait(50);
  }
}
