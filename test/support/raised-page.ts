import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { type BucketTarget, bucketEnvironment, openBucketWiki } from './bucket-wiki.ts';
import { follow, ROOT } from './cli.ts';
import { expectSoundRepository, type NativeHistory } from './data-folder.ts';
import { git } from './git-command.ts';
import { commitFiles } from './repository.ts';

const SCRIPT = join(ROOT, 'test/integration/raise-page.child.ts');
const PAGE = 'counter';

/** What one process was answered. */
export interface Raised {
  commits: string[];
  refusals: Record<string, number>;
}

/** Gives birth to a wiki with the page that is raised, at 0. */
export async function createCounter(target: BucketTarget): Promise<void> {
  const service = openBucketWiki(target);
  await service.createWiki();
  await commitFiles(await service.repository(), { [`${PAGE}.md`]: '0' }, 'Start');
}

/** Processes that raise the page at the same time, each so many times. */
export async function raiseTogether(
  target: BucketTarget,
  processes: number,
  times: number,
): Promise<Raised[]> {
  const running = Array.from({ length: processes }, () => {
    const env = bucketEnvironment(target);
    const { finished } = follow([process.execPath, SCRIPT, PAGE, String(times)], { env });
    return finished.finally(() => rmSync(env.KITTIWAKE_DATA ?? '', { recursive: true, force: true }));
  });
  const ended = await Promise.all(running);
  expect(ended.filter(({ code }) => code !== 0).map(({ err }) => err)).toEqual([]);
  return ended.map(({ out }) => JSON.parse(out));
}

/**
 * Fails unless the page was raised once for each commit that was acknowledged, and each of these is there, once; `doctor`
 * and native git find nothing wrong.
 */
export async function expectRaised(target: BucketTarget, raised: readonly Raised[]): Promise<void> {
  const history = await expectSoundRepository(await openBucketWiki(target).repository());
  const acknowledged = raised.flatMap(({ commits }) => commits).sort();
  const made = history.commits.slice(0, -1).map(({ oid }) => oid);
  expect(made.toSorted()).toEqual(acknowledged);
  expect(contents(history)).toEqual(Array.from({ length: acknowledged.length + 1 }, (_, at) => String(at)));
}

/** What the page held after each commit, oldest first. */
function contents({ folder, commits }: NativeHistory): string[] {
  const input = commits.map(({ oid }) => `${oid}:${PAGE}.md\n`).reverse();
  const printed = git(folder, ['cat-file', '--batch'], { input: input.join('') }).toString();
  return printed.split('\n').filter((_, index) => index % 2 === 1);
}
