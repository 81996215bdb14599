import { afterAll, expect, it, type TestContext } from 'vitest';
import { startKittiwake, temporaryFolder } from '../support/cli.ts';
import { createData } from '../support/data-folder.ts';
import { ProcessMemory } from '../support/process-memory.ts';
import { commitFiles } from '../support/repository.ts';

const MOST_BYTES = 300e6;
/** 100,000 are the size that docs/export.md has figures of. */
const PAGES = Number(process.env.KITTIWAKE_TEST_EXPORT_PAGES ?? 30_000);

const folder = temporaryFolder();
// Tens of thousands of files.
afterAll(() => folder.remove(), 600_000);

/** The peak of a process that exports. */
async function peakOf(ctx: Pick<TestContext, 'skip'>, args: readonly string[]): Promise<number> {
  const { child, finished } = startKittiwake(['export', ...args, '--data', folder.path('data')]);
  const memory = new ProcessMemory(ctx, child.pid ?? 0);
  let peak = 0;
  const watching = setInterval(() => {
    if (child.exitCode === null) peak = Math.max(peak, peakNow(memory));
  }, 20);
  expect((await finished).code).toBe(0);
  clearInterval(watching);
  return peak;
}

/** 0 once the process has ended. */
function peakNow(memory: ProcessMemory): number {
  try {
    return memory.peakBytes || 0;
  } catch {
    return 0;
  }
}

it('an export of many pages of one commit takes hardly more memory than one of a tenth of them', {
  timeout: 600_000,
}, async ctx => {
  const repository = await createData(folder.path('data'));
  const pages = Array.from({ length: PAGES }, (_, page) => [
    `${page % 10 === 0 ? 'tenth' : 'rest'}/d${page % 290}/page-${page}.md`,
    `# ${page}\n${'text '.repeat(200)}`,
  ]);
  await commitFiles(repository, Object.fromEntries(pages));
  await repository.flusher.flush();
  for (const format of ['zip', 'ndjson']) {
    const tenth = await peakOf(ctx, [folder.path(`tenth.${format}`), '--prefix', 'tenth']);
    const all = await peakOf(ctx, [folder.path(`all.${format}`)]);
    expect(tenth, format).toBeGreaterThan(0);
    expect(all / tenth, `${format}: ${tenth} and ${all}`).toBeLessThan(1.5);
    expect(all, format).toBeLessThan(MOST_BYTES);
  }
  for (const name of ['all', 'all.git', 'all.bundle'])
    expect(await peakOf(ctx, [folder.path(name)]), name).toBeLessThan(MOST_BYTES);
});
