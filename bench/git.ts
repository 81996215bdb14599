import { join } from 'node:path';
import { cloneAt, cloning, fetching, type GitServer, ServerTimes } from './git/cloning.ts';
import { firstByteMs } from './git/first-byte.ts';
import { peakBytes } from './git/server-cost.ts';
import { growHistory, type LongWiki, openLong } from './history/long-wiki.ts';
import { type Contestant, interleave } from './support/interleave.ts';
import { exportBare, git } from './support/native-git.ts';
import { benchOptions } from './support/options.ts';
import { type Column, Report, type Row } from './support/report.ts';
import { API_KEY, firstSearch, type Served, serveGitBackend, serveWiki } from './support/served.ts';
import { summarise } from './support/statistics.ts';
import { inWorkFolder } from './support/work-folder.ts';

/** What git's own clients wait for: clones and fetches, beside `git http-backend` with the same history, freshly packed. */

const COLUMNS: readonly Column[] = [
  { key: 'what', head: 'what' },
  { key: 'own', head: 'ms', as: 'ms' },
  { key: 'native', head: 'http-backend ms', as: 'ms' },
  { key: 'ratio', head: 'ratio', as: 'ratio' },
  { key: 'ownCpu', head: 'server CPU ms', as: 'ms' },
  { key: 'nativeCpu', head: 'http-backend CPU ms', as: 'ms' },
];

const options = benchOptions({ pages: [10_000], rounds: 5 }, { pages: [200], rounds: 2 });
const commits = options.quick ? 1_200 : 10_000;
const report = new Report('git', options);
for (const pages of options.pages) {
  await inWorkFolder(options.folder, async folder => {
    report.progress(`${pages} pages, ${commits} commits`);
    const wiki = await growHistory(join(folder, 'wiki'), pages, commits);
    await exportBare(openLong(wiki).repository, join(folder, 'native.git'));
    await git(join(folder, 'native.git'), ['gc', '--quiet']);
    const [own, native] = [await serveWiki(wiki.folder, wiki.uuid), await serveGitBackend(folder)];
    try {
      // The server has then taken in all pages.
      await firstSearch(own);
      await measure(folder, wiki, own, native);
    } finally {
      await Promise.all([own.stop(), native.stop()]);
    }
  });
}
report.finish();

async function measure(folder: string, wiki: LongWiki, own: Served, native: Served): Promise<void> {
  const servers: GitServer[] = [
    { name: 'own', url: `${own.url}/.git`, authorization: `Bearer ${API_KEY}`, pid: own.pid },
    { name: 'native', url: `${native.url}/native.git`, authorization: 'Bearer none', pid: native.pid },
  ];
  const behind = await clonesBehind(folder, wiki);
  const times = new ServerTimes();
  const before = peakBytes(own.pid);
  const head = wiki.commits.at(-1) ?? '';
  const whats: string[] = [];
  const contestants: Contestant[] = [];
  const add = (what: string, make: (server: GitServer) => Contestant) => {
    whats.push(what);
    contestants.push(...servers.map(server => times.watch(server, make(server))));
  };
  add('git clone --bare', server => cloning(folder, server, 'git clone --bare', ['--bare']));
  add('git clone', server => cloning(folder, server, 'git clone', []));
  add('git clone --depth 1', server =>
    cloning(folder, server, 'git clone --depth 1', ['--bare', '--depth=1']),
  );
  add('git clone --filter=blob:none', server =>
    cloning(folder, server, 'git clone --filter=blob:none', ['--bare', '--filter=blob:none']),
  );
  for (const [count, clone] of behind) {
    const what = `git fetch of ${count} commits`;
    add(what, server => fetching(folder, server, what, clone));
  }
  add('first byte of a clone', server => ({
    name: `${server.name} first byte of a clone`,
    run: async () => void (await firstByteMs(server, head)),
  }));
  const walls = await interleave(contestants, { warmUp: 1, rounds: options.rounds });
  const rows = whats.map((what): Row => {
    const wall = (name: string) => summarise(walls.get(`${name} ${what}`) ?? []).p50;
    const cpu = (name: string) => summarise([...times.of(`${name} ${what}`)]).p50;
    const [ownMs, nativeMs] = [wall('own'), wall('native')];
    return {
      what,
      own: ownMs,
      native: nativeMs,
      ratio: ownMs / nativeMs,
      ownCpu: cpu('own'),
      nativeCpu: cpu('native'),
    };
  });
  const packs = (await openLong(wiki).repository.ledger(0)).packs.length;
  report.table(`${wiki.commits.length} commits in ${packs} packs: medians`, COLUMNS, rows);
  const [idle, most] = [before, peakBytes(own.pid)].map(bytes => Math.round(bytes / 1e6));
  report.note(`Most memory of the server: ${idle} MB before, ${most} MB afterwards.`);
}

async function clonesBehind(folder: string, { commits: all }: LongWiki): Promise<[number, string][]> {
  const clones: [number, string][] = [];
  for (const count of [1, 100, 1_000]) {
    const commit = all.at(-1 - count);
    if (commit === undefined) continue;
    const at = await cloneAt(join(folder, `behind-${count}`), join(folder, 'native.git'), commit);
    clones.push([count, at]);
  }
  return clones;
}
