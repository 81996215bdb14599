import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { writeFlush } from '../../src/git/flush/write-flush.ts';
import { createUpkeep, type Upkeep } from '../../src/lazy/upkeep.ts';
import { kittiwake } from '../support/cli.ts';
import { createData, expectExamined, expectSound, openData } from '../support/data-folder.ts';
import { temporaryFolder } from '../support/git-command.ts';
import { nativeGit } from '../support/native-git.ts';
import { needs } from '../support/needs.ts';
import { commitFiles } from '../support/repository.ts';
import { countCalls, killedAt, spread } from './killed-process.ts';

/** Commands that die by SIGKILL between any two calls of the file system, and are run again. */

/** Runs `check` for each point at which a command may die; two at a time, as each is a process. */
async function forEachDeath(
  calls: readonly number[],
  check: (call: number, data: string) => Promise<void>,
): Promise<void> {
  const folder = temporaryFolder();
  const rest = [...calls];
  const worker = async () => {
    for (let call = rest.shift(); call !== undefined; call = rest.shift())
      await check(call, join(folder, String(call)));
  };
  await Promise.all([worker(), worker()]);
}

async function runAgain(args: readonly string[], when: string): Promise<void> {
  const { code, err } = await kittiwake(args);
  expect([code, err], when).toEqual([0, expect.not.stringContaining('error')]);
}

/** Five packs of commits, commits in the journal, one of them with a large file, and a pack that nothing lists. */
async function prepareData(data: string): Promise<void> {
  const repository = await createData(data);
  for (let pack = 0; pack < 5; pack += 1) {
    for (let page = 0; page < 4; page += 1)
      await commitFiles(repository, {
        [`f${page}/p${pack}.md`]: `${pack} [[link]]`,
        'home.md': `${pack} ${page}`,
      });
    await repository.flusher.flush();
  }
  await commitFiles(repository, { 'home.md': 'newest' });
  await writeFlush(await repository.view(), repository);
  const noise = Array.from({ length: 20_000 }, () => Math.random()).join();
  await commitFiles(repository, { 'home/large.txt': noise });
}

async function headOf(data: string): Promise<string | undefined> {
  return (await (await openData(data).repository()).view()).head;
}

describe('upkeep that is killed leaves the wiki as it is, and succeeds the next time:', () => {
  const commands = [
    { name: 'flush', args: [], deaths: 5, again: (upkeep: Upkeep) => upkeep.flush() },
    {
      name: 'gc',
      args: ['--orphans-after', '0', '--readers-grace', '0'],
      deaths: 6,
      again: async (upkeep: Upkeep) => {
        await upkeep.flush();
        await upkeep.merge();
        await upkeep.collect({ orphanGraceMs: 0, readerGraceMs: 0 });
      },
    },
  ];

  it.for(commands)('$name', { timeout: 60_000 }, async ({ name, args, deaths, again }, ctx) => {
    needs(ctx, 'git');
    const [whole, counted] = [temporaryFolder(), temporaryFolder()];
    await prepareData(whole);
    const { commits } = await expectSound(whole);
    cpSync(whole, counted, { recursive: true });
    const calls = await countCalls([name, ...args, '--data', counted]);
    expect((await expectSound(counted)).commits).toEqual(commits);
    await forEachDeath(spread(calls, deaths), async (call, data) => {
      cpSync(whole, data, { recursive: true });
      await killedAt(call, [name, ...args, '--data', data]);
      const when = `killed before call ${call} of ${calls}`;
      expect((await expectSound(data, when)).commits, when).toEqual(commits);
      await again(createUpkeep(openData(data).repository));
      const repository = await expectExamined(data, when);
      expect((await repository.view()).head, when).toBe(commits[0]?.oid);
    });
  });
});

describe('an import that is killed brings nothing or everything in, and succeeds the next time:', () => {
  it('a folder into a new wiki', { timeout: 60_000 }, async ctx => {
    needs(ctx, 'git');
    const [source, counted] = [temporaryFolder(), temporaryFolder()];
    for (let page = 0; page < 40; page += 1) {
      mkdirSync(join(source, `folder${page % 7}`), { recursive: true });
      writeFileSync(
        join(source, `folder${page % 7}`, `page${page}.md`),
        `# Page ${page}\n\n[[Page ${page + 1}]]\n`,
      );
    }
    const calls = await countCalls(['import', source, '--data', counted]);
    const imported = await (await (await openData(counted).repository()).view()).files('');
    await forEachDeath(spread(calls, 6), async (call, data) => {
      const args = ['import', source, '--data', data];
      const when = `killed before call ${call} of ${calls}`;
      await killedAt(call, args);
      await runAgain(args, when);
      expect((await expectSound(data, when)).commits, when).toHaveLength(1);
      expect(await (await (await openData(data).repository()).view()).files(''), when).toEqual(imported);
    });
  });

  it('a repository with its history into a wiki that waits for it', { timeout: 60_000 }, async ctx => {
    needs(ctx, 'git');
    const [source, empty, counted] = [temporaryFolder(), temporaryFolder(), temporaryFolder()];
    nativeGit(source, 'init', '--quiet', '--initial-branch=main');
    for (let commit = 0; commit < 12; commit += 1) {
      writeFileSync(join(source, `page${commit % 5}.md`), `${commit}\n`);
      nativeGit(source, 'add', '.');
      nativeGit(source, 'commit', '--quiet', '--message', `Commit ${commit}`);
    }
    const head = nativeGit(source, 'rev-parse', 'HEAD').trim();
    await createData(empty);
    cpSync(empty, counted, { recursive: true });
    const calls = await countCalls(['import', source, '--data', counted]);
    await forEachDeath(spread(calls, 4), async (call, data) => {
      cpSync(empty, data, { recursive: true });
      const args = ['import', source, '--data', data];
      const when = `killed before call ${call} of ${calls}`;
      await killedAt(call, args);
      expect([undefined, head], when).toContain(await headOf(data));
      await runAgain(args, when);
      const { commits } = await expectSound(data, when);
      expect([commits.length, commits[0]?.oid], when).toEqual([12, head]);
    });
  });
});
