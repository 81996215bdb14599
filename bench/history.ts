import { join } from 'node:path';
import { mergeNewest } from '../src/git/upkeep/merge.ts';
import { growHistory, type LongWiki, openLong } from './history/long-wiki.ts';
import { type Question, questionsOf } from './history/questions.ts';
import { type Contestant, interleave } from './support/interleave.ts';
import { exportBare, git, nativeGitVersion } from './support/native-git.ts';
import { benchOptions } from './support/options.ts';
import { type Column, Report, type Row } from './support/report.ts';
import { summarise } from './support/statistics.ts';
import { inWorkFolder } from './support/work-folder.ts';

/** What the age of a wiki costs: pages, revision checks and histories after ten thousand commits. */

const SHORT = 100;

const COLUMNS: readonly Column[] = [
  { key: 'what', head: 'question' },
  { key: 'asked', head: 'asked', as: 'count' },
  { key: 'p50', head: 'p50 ms', as: 'ms' },
  { key: 'p95', head: 'p95 ms', as: 'ms' },
  { key: 'short', head: `p50 ms at ${SHORT} commits`, as: 'ms' },
  { key: 'growth', head: 'growth', as: 'ratio' },
  { key: 'cold', head: 'first in a process, p50 ms', as: 'ms' },
  { key: 'git', head: 'git p50 ms', as: 'ms' },
  { key: 'toGit', head: 'p50 to git', as: 'ratio' },
];

const options = benchOptions({ pages: [1_000], rounds: 100 }, { pages: [200], rounds: 10 });
const commits = options.quick ? 400 : 10_000;
const report = new Report('history', options);
for (const pages of options.pages) {
  await inWorkFolder(options.folder, async folder => {
    const short = await growHistory(join(folder, 'short'), pages, SHORT);
    report.progress(`${commits} commits, one after the other`);
    const long = await growHistory(join(folder, 'long'), pages, commits);
    const bare = await bareOf(long, join(folder, 'bare.git'));
    await measure(`${commits} commits, ${pages} pages, as flushed`, long, short, bare);
    while (await mergeNewest(openLong(long).repository)) report.progress('packs merged');
    await measure(`${commits} commits, ${pages} pages, packs merged`, long, short, bare);
  });
}
report.note(
  [
    `growth: against the same question in a wiki of ${SHORT} commits, which has less to answer where all is asked for.`,
    'first in a process: nothing of the wiki in memory. git: a process of native git that reads the same from a bare copy.',
  ].join('\n'),
);
report.finish();

async function bareOf(long: LongWiki, bare: string): Promise<string | undefined> {
  if (nativeGitVersion() === undefined) return undefined;
  await exportBare(openLong(long).repository, bare);
  await git(bare, ['fsck', '--full', '--strict']);
  return bare;
}

async function measure(title: string, long: LongWiki, short: LongWiki, bare: string | undefined) {
  const packs = (await openLong(long).repository.ledger(0)).packs.length;
  const [inLong, inShort] = [openLong(long).wiki, openLong(short).wiki];
  const ofShort = questionsOf(short);
  const contestants = questionsOf(long).flatMap((question, index): Contestant[] => [
    asked('long', question, () => inLong),
    asked('short', ofShort[index] ?? question, () => inShort),
    asked('cold', question, () => openLong(long).wiki, 5),
    ...gitAsked(question, bare),
  ]);
  const { rounds } = options;
  const times = await interleave(contestants, { warmUp: Math.min(10, rounds), rounds });
  const rows = questionsOf(long).map(({ what }): Row => {
    const of = (who: string) => summariseIfAny(times.get(`${who} ${what}`));
    const [own, small, cold, native] = [of('long'), of('short'), of('cold'), of('git')];
    if (own === undefined || small === undefined) return { what };
    const { count, p50, p95 } = own;
    const toGit = native && p50 / native.p50;
    const others = { short: small.p50, growth: p50 / small.p50, cold: cold?.p50, git: native?.p50, toGit };
    return { what, asked: count, p50, p95, ...others };
  });
  report.table(`${title}: ${packs} packs`, COLUMNS, rows);
}

function asked(who: string, question: Question, wiki: () => ReturnType<typeof openLong>['wiki'], every = 1) {
  let opened = wiki();
  return {
    name: `${who} ${question.what}`,
    every,
    prepare: () => {
      opened = wiki();
    },
    run: async () => question.check(await question.ask(opened)),
  };
}

function gitAsked({ what, git: args }: Question, bare: string | undefined): Contestant[] {
  if (bare === undefined || args === undefined) return [];
  return [{ name: `git ${what}`, every: 10, run: async () => void (await git(bare, args)) }];
}

function summariseIfAny(samples: readonly number[] | undefined) {
  return samples === undefined || samples.length === 0 ? undefined : summarise(samples);
}
