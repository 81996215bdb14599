import { join } from 'node:path';
import { cloneAt, cloning, fetching, type GitServer, ServerTimes } from './git/cloning.ts';
import { firstByteMs } from './git/first-byte.ts';
import { cloneToPushFrom, type PushingClone, pushing } from './git/pushing.ts';
import { peakBytes } from './git/server-cost.ts';
import { growHistory, type LongWiki, openLong } from './history/long-wiki.ts';
import { type Contestant, interleave } from './support/interleave.ts';
import { exportBare, git } from './support/native-git.ts';
import { benchOptions } from './support/options.ts';
import { type Column, Report, type Row } from './support/report.ts';
import { API_KEY, firstSearch, type Served, serveGitBackend, serveWiki } from './support/served.ts';
import { summarise } from './support/statistics.ts';
import { inWorkFolder } from './support/work-folder.ts';

/** What git's own clients wait for: clones, fetches and pushes, beside `git http-backend` with the same history, freshly packed. */

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
    await prepareNative(join(folder, 'native.git'));
    const [own, native] = [await serveWiki(wiki.folder, wiki.uuid), await serveGitBackend(folder)];
    try {
      // The server has then taken in all pages.
      await firstSearch(own);
      await measure(folder, pages, wiki, own, native);
    } finally {
      await Promise.all([own.stop(), native.stop()]);
    }
  });
}
report.finish();

/** Packed as well as git does it; what is pushed changes nothing of that while it is measured. */
async function prepareNative(folder: string): Promise<void> {
  await git(folder, ['gc', '--quiet']);
  // Without it everything is sent, whatever filter is asked for.
  await git(folder, ['config', 'uploadpack.allowFilter', 'true']);
  await git(folder, ['config', 'http.receivepack', 'true']);
  await git(folder, ['config', 'receive.autogc', 'false']);
}

async function measure(folder: string, pages: number, wiki: LongWiki, own: Served, native: Served) {
  const servers: GitServer[] = [
    { name: 'own', url: `${own.url}/.git`, authorization: `Bearer ${API_KEY}`, pid: own.pid },
    { name: 'native', url: `${native.url}/native.git`, authorization: 'Bearer none', pid: native.pid },
  ];
  const packs = (await openLong(wiki).repository.ledger(0)).packs.length;
  const peaks = [`${megabytes(own)} before`];
  if (isWanted('reads')) {
    const title = `${wiki.commits.length} commits in ${packs} packs: medians`;
    report.table(title, COLUMNS, await compare(servers, await readingOf(folder, wiki)));
    peaks.push(`${megabytes(own)} after reads`);
  }
  // Last, as they move the heads: the two histories differ from here on.
  if (isWanted('pushes')) {
    const title = 'Pushes of one commit each: medians';
    report.table(title, COLUMNS, await compare(servers, await writingOf(folder, servers, pages)));
    peaks.push(`${megabytes(own)} after pushes`);
  }
  report.note(`Most memory of the server: ${peaks.join(', ')}.`);
}

function isWanted(table: 'reads' | 'pushes'): boolean {
  return options.only.length === 0 || options.only.includes(table);
}

function megabytes({ pid }: Served): string {
  return `${Math.round(peakBytes(pid) / 1e6)} MB`;
}

/** What is asked of both servers, by its name in the table. */
type Asked = Map<string, (server: GitServer) => Contestant>;

async function readingOf(folder: string, wiki: LongWiki): Promise<Asked> {
  const clones: [string, string[]][] = [
    ['git clone --bare', ['--bare']],
    ['git clone', []],
    ['git clone --depth 1', ['--bare', '--depth=1']],
    ['git clone --filter=blob:none', ['--bare', '--filter=blob:none']],
  ];
  const asked: Asked = new Map(
    clones.map(([what, flags]) => [what, server => cloning(folder, server, what, flags)]),
  );
  for (const [count, clone] of await clonesBehind(folder, wiki)) {
    const what = `git fetch of ${count} commits`;
    asked.set(what, server => fetching(folder, server, what, clone));
  }
  const head = wiki.commits.at(-1) ?? '';
  asked.set('first byte of a clone', server => ({
    name: `${server.name} first byte of a clone`,
    run: async () => void (await firstByteMs(server, head)),
  }));
  return asked;
}

async function writingOf(folder: string, servers: readonly GitServer[], pages: number): Promise<Asked> {
  const clones = new Map<GitServer, PushingClone>();
  for (const server of servers) clones.set(server, await cloneToPushFrom(folder, server, pages));
  return new Map(
    [1, Math.min(1_000, pages)].map(count => {
      const what = `git push of ${count} changed pages`;
      return [what, server => pushing(clones.get(server) as PushingClone, what, count)];
    }),
  );
}

async function compare(servers: readonly GitServer[], asked: Asked): Promise<Row[]> {
  const times = new ServerTimes();
  const contestants = [...asked.values()].flatMap(make =>
    servers.map(server => times.watch(server, make(server))),
  );
  const walls = await interleave(contestants, { warmUp: 1, rounds: options.rounds });
  return [...asked.keys()].map((what): Row => {
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
