import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import type { Job } from '../../src/import/job/job.ts';
import { Prng } from '../simulation/prng.ts';
import { type RunningCli, startKittiwake, temporaryFolder } from '../support/cli.ts';
import { type ImportedWiki, importedWiki, pagesOf, watchData, writeRows } from './big-import.ts';

/** Imports whose processes are killed at random moments. `KITTIWAKE_TEST_SEED` repeats what a message names. */
const ROWS = Number(process.env.KITTIWAKE_TEST_IMPORT_ROWS ?? 10_000);
const KILLS = Number(process.env.KITTIWAKE_TEST_KILLS ?? 5);
const SEED = Number(process.env.KITTIWAKE_TEST_SEED ?? 1_000);
/** So that a small one has many checkpoints, too. */
const ENV = { KITTIWAKE_IMPORT_BATCH: ROWS < 200_000 ? '1MiB' : '16MiB' };
const TIMEOUT = { timeout: 180_000 + KILLS * ROWS };
const LOOK_MS = 10;

const folder = temporaryFolder();
const running = new Set<RunningCli>();
afterEach(async () => {
  for (const { child, finished } of running) {
    child.kill('SIGKILL');
    await finished;
  }
});
afterAll(() => folder.remove());

function start(args: readonly string[]): RunningCli {
  const process = startKittiwake(['import', ...args], { env: ENV });
  running.add(process);
  void process.finished.then(() => running.delete(process));
  return process;
}

/** Waits until an import of the wiki is so far. Resolves with false when its process ends before. */
async function isSoFar(
  data: string,
  { finished }: RunningCli,
  test: (job: Job) => boolean,
): Promise<boolean> {
  const { jobs } = watchData(data);
  let isOver = false;
  void finished.then(() => {
    isOver = true;
  });
  while (!isOver) {
    if ((await jobs()).some(test)) return true;
    await wait(LOOK_MS);
  }
  return false;
}

function isCommitting({ state }: Job): boolean {
  return state === 'committing';
}

function rowsOf({ parts }: Job): number {
  return parts.reduce((sum, { counts }) => sum + counts.rows, 0);
}

interface Undisturbed {
  wiki: ImportedWiki;
  /** In which it reads, and in which it commits. */
  readMs: number;
  commitMs: number;
}

async function undisturbed(data: string, args: readonly string[]): Promise<Undisturbed> {
  const process = start(args);
  await isSoFar(data, process, () => true);
  const startMs = performance.now();
  await isSoFar(data, process, isCommitting);
  const commitStartMs = performance.now();
  expect((await process.finished).code).toBe(0);
  const commitMs = performance.now() - commitStartMs;
  return { wiki: await importedWiki(data), readMs: commitStartMs - startMs, commitMs };
}

/** Waits until a process is to be killed: anywhere in what it reads, or while it commits. */
async function untilDeath(data: string, process: RunningCli, prng: Prng, usual: Undisturbed): Promise<void> {
  const isLate = prng.chance(0.5);
  const read = Math.max(0, ...(await watchData(data).jobs()).map(rowsOf));
  const rows = prng.between(read, ROWS);
  const ms = prng.between(0, isLate ? usual.commitMs : usual.readMs / 4);
  await isSoFar(data, process, job => isCommitting(job) || (!isLate && rowsOf(job) >= rows));
  await Promise.race([wait(ms), process.finished]);
}

/** Killed behind its commit an import leaves files, until somebody goes on with it, or it is forgotten. */
async function sweep(data: string): Promise<void> {
  const left = (await watchData(data).jobs()).filter(({ isSwept }) => isSwept !== true);
  for (const { id } of left)
    expect(await start(['--resume', id, '--data', data]).finished).toMatchObject({ code: 0 });
}

/** Runs the same command until it ends by itself. Returns how often it was killed. */
async function liveOn(data: string, args: readonly string[], prng: Prng, usual: Undisturbed) {
  const most = prng.int(1, 4);
  for (let kills = 0; ; ) {
    const process = start([...args, '--workers', String(prng.int(0, 2))]);
    if (kills < most) {
      await untilDeath(data, process, prng, usual);
      process.child.kill('SIGKILL');
    }
    const { code, err } = await process.finished;
    if (code === 0) {
      await sweep(data);
      return kills;
    }
    expect([code, err], `killed ${kills} times`).toEqual([null, expect.not.stringContaining('error')]);
    kills += 1;
  }
}

describe('an import that is killed', () => {
  it('at random moments, with any number of threads, ends as if it had not been', TIMEOUT, async () => {
    const file = folder.path('rows.csv');
    await writeRows(file, ROWS, 'csv');
    const whole = folder.path('whole');
    const usual = await undisturbed(whole, [file, '--data', whole]);
    expect(usual.wiki).toMatchObject({ commits: 1, written: pagesOf(ROWS), failed: ROWS - pagesOf(ROWS) });
    let kills = 0;
    for (let seed = SEED; kills < KILLS; seed += 1) {
      const data = folder.path(String(seed));
      kills += await liveOn(data, [file, '--data', data], new Prng(seed), usual);
      expect(await importedWiki(data, `seed ${seed}`), `seed ${seed}`).toEqual(usual.wiki);
    }
  });

  it('in one of several processes, again and again, is finished by those that live', TIMEOUT, async () => {
    const file = folder.path('shared.ndjson');
    await writeRows(file, ROWS, 'ndjson');
    const whole = folder.path('whole-shared');
    const usual = await undisturbed(whole, [file, '--data', whole]);
    const prng = new Prng(SEED);
    const data = folder.path('shared');
    const first = start([file, '--data', data, '--parts', '12', '--workers', '0']);
    const id = await idOf(data);
    const resume = () => start(['--resume', id, '--data', data, '--workers', '0']);
    const workers = [first, resume(), resume()];
    for (let kills = 0; kills < KILLS; kills += 1) {
      const victim = prng.int(0, workers.length - 1);
      await wait(prng.between(0, usual.readMs));
      workers[victim]?.child.kill('SIGKILL');
      workers[victim] = resume();
    }
    for (const { finished } of workers) expect(await finished).toMatchObject({ code: 0 });
    await sweep(data);
    expect(await importedWiki(data, `seed ${SEED}`)).toEqual(usual.wiki);
  });
});

/** Waits for the first import of a wiki. */
async function idOf(data: string): Promise<string> {
  const { jobs } = watchData(data);
  for (;;) {
    const [job] = await jobs();
    if (job !== undefined) return job.id;
    await wait(LOOK_MS);
  }
}
