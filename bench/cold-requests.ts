import { type AgedWiki, makeAgedWiki } from './cold-requests/aged-wiki.ts';
import type { Asked } from './cold-requests/fresh-service.ts';
import { askColdAndWarm, questionsOf } from './cold-requests/questions.ts';
import { benchOptions } from './support/options.ts';
import { type Column, Report, type Row } from './support/report.ts';
import { openServer, type ServerUnderTest } from './support/server-under-test.ts';
import { percentile } from './support/statistics.ts';
import { inWorkFolder } from './support/work-folder.ts';

/** Round trips, bytes and time of requests to a wiki in S3, by processes that have nothing in memory and by such that have. */

const LATENCIES_MS = [0, 20];
const COLUMNS: readonly Column[] = [
  { key: 'what', head: 'request' },
  { key: 'state', head: 'process' },
  { key: 'requests', head: 'requests', as: 'count' },
  { key: 'sequence', head: 'in sequence', as: 'count' },
  { key: 'connects', head: 'connects', as: 'count' },
  { key: 'bytes', head: 'kB', as: 'kB' },
  ...LATENCIES_MS.map((ms): Column => ({ key: `ms${ms}`, head: `+${ms} ms: p50 ms`, as: 'ms' })),
];

const options = benchOptions({ pages: [10_000, 100_000], rounds: 5 }, { pages: [1_000], rounds: 2 });
const report = new Report('cold-requests', options);
const near = await openServer({ ...options.s3, server: 'small', latencyMs: 0 });
const servers = [near];
try {
  for (const latencyMs of LATENCIES_MS.slice(1)) servers.push(await further(near, latencyMs));
  await inWorkFolder(options.folder, folder => measure(folder));
} finally {
  for (const server of servers.toReversed()) await server.stop();
}
report.note(
  [
    'cold: nothing of the wiki in memory and no connection, but the code loaded; what loading it costs is in bench:cold. warm: the same',
    'again in the same process. The wiki was edited, flushed and merged three times, and has ten commits in its journal. Requests,',
    'connects and bytes as Server-Timing tells them; the tests hold that against what the server saw. The first search makes the index.',
  ].join('\n'),
);
report.finish();

/** The same bucket, with time added to each answer. */
async function further(server: ServerUnderTest, latencyMs: number): Promise<ServerUnderTest> {
  const { endpoint, bucket, accessKeyId, secretAccessKey, region } = server.target;
  Object.assign(process.env, {
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretAccessKey,
    AWS_REGION: region,
  });
  return await openServer({ ...options.s3, endpoint, bucket, latencyMs });
}

async function measure(folder: string): Promise<void> {
  for (const pages of options.pages) {
    const layouts = pages >= 100_000 ? (['nested', 'flat'] as const) : (['nested'] as const);
    for (const layout of layouts) {
      report.progress(`${pages} pages, ${layout}`);
      const size = { pages, layout, bytes: pages > 10_000 ? 200 : 2_000 };
      const wiki = await makeAgedWiki(near, size, options.kept);
      report.table(`${pages} pages, ${layout}`, COLUMNS, await rowsOf(wiki, folder));
    }
  }
}

async function rowsOf(wiki: AgedWiki, folder: string): Promise<Row[]> {
  const all = questionsOf(wiki);
  const rows: Row[] = [];
  for (const question of wiki.size.pages > 10_000 ? all.slice(0, 3) : all) {
    const [cold, warm]: [Row, Row] = [
      { what: question.what, state: 'cold' },
      { what: '', state: 'warm' },
    ];
    for (const [at, server] of servers.entries()) {
      const told = await askColdAndWarm(server, wiki, question, {
        rounds: options.rounds,
        folder,
        from: at * options.rounds,
      });
      Object.assign(cold, cells(told.cold, LATENCIES_MS[at] ?? 0));
      Object.assign(warm, cells(told.warm, LATENCIES_MS[at] ?? 0));
    }
    rows.push(cold, warm);
  }
  return rows;
}

function cells(asked: readonly Asked[], latencyMs: number): Row {
  const middle = (key: keyof Asked) =>
    percentile(
      asked.map(each => each[key]).toSorted((a, b) => a - b),
      0.5,
    );
  const { requests, sequence, connects, bytes, ms } = {
    requests: middle('requests'),
    sequence: middle('sequence'),
    connects: middle('connects'),
    bytes: middle('bytes'),
    ms: middle('ms'),
  };
  return { requests, sequence, connects, bytes, [`ms${latencyMs}`]: ms };
}
