import { spawn } from 'node:child_process';
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { bundleScript } from '../infra/functions/bundle.ts';
import { type S3Server, startS3Server } from '../test/support/s3-server/server.ts';
import type { RequestTimes } from './s3-load/report-requests.ts';
import { type Contestant, interleave } from './support/interleave.ts';
import { benchOptions } from './support/options.ts';
import { type Column, Report, type Row } from './support/report.ts';
import { percentile } from './support/statistics.ts';
import { inWorkFolder } from './support/work-folder.ts';

/** What it costs to load an S3 client and to send the first request with it: bundles, each in a fresh process. */

const COLUMNS: readonly Column[] = [
  { key: 'what', head: 'client' },
  { key: 'starts', head: 'starts', as: 'count' },
  { key: 'kB', head: 'kB', as: 'kB' },
  { key: 'load', head: 'process start to loaded p50 ms', as: 'ms' },
  { key: 'request', head: 'first request p50 ms', as: 'ms' },
  { key: 'first', head: 'process start to first answer p50 ms', as: 'ms' },
  { key: 'firstP90', head: 'p90 ms', as: 'ms' },
  { key: 'above', head: 'above bare p50 ms', as: 'ms' },
  { key: 'processor', head: 'processor time p50 ms', as: 'ms' },
  { key: 'later', head: 'later request p50 ms', as: 'ms' },
];

const CLIENTS = [
  { name: 'bare node:http, unsigned', script: 'bare' },
  { name: 'kittiwake', script: 'kittiwake' },
  { name: '@aws-sdk/client-s3', script: 'sdk' },
] as const;

const options = benchOptions({ pages: [], rounds: 60 }, { pages: [], rounds: 5 });
const report = new Report('s3-load', options);
await inWorkFolder(options.folder, async folder => {
  const server = await startS3Server();
  try {
    const bundles = await Promise.all(CLIENTS.map(({ name, script }) => bundleOf(folder, name, script)));
    const measured = new Map<string, RequestTimes[]>(bundles.map(({ name }) => [name, []]));
    const contestants = bundles.map(
      (each): Contestant => ({
        name: each.name,
        run: async round => {
          const times = await start(each, server);
          if (round > 0) measured.get(each.name)?.push(times);
        },
      }),
    );
    await interleave(contestants, { warmUp: 1, rounds: options.rounds });
    report.table('Conditional puts of 2 kB, server on this machine', COLUMNS, toRows(bundles, measured));
  } finally {
    await server.stop();
  }
});
report.note(
  'Bundled by esbuild, minified, Node modules taken on use. The bare request is refused, and not signed.',
);
report.finish();

interface Bundle {
  name: string;
  entry: string;
  /** All its files. */
  bytes: number;
}

async function bundleOf(folder: string, name: string, script: string): Promise<Bundle> {
  const source = join(import.meta.dirname, `s3-load/${script}.child.ts`);
  const out = join(folder, script);
  const entry = await bundleScript(out, 'index', source, { splitting: true });
  const bytes = readdirSync(out).reduce((sum, file) => sum + statSync(join(out, file)).size, 0);
  return { name, entry, bytes };
}

function start({ name, entry }: Bundle, server: S3Server): Promise<RequestTimes> {
  const { accessKeyId, secretAccessKey } = server.credentials;
  const child = spawn(process.execPath, [entry, server.endpoint, accessKeyId, secretAccessKey], {
    env: { PATH: process.env.PATH },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let text = '';
  child.stdout.on('data', chunk => {
    text += chunk;
  });
  return new Promise((resolve, reject) => {
    child.once('error', reject).once('close', status => {
      if (status === 0) resolve(JSON.parse(text));
      else reject(new Error(`Starting ${name} ended with ${status}`));
    });
  });
}

function toRows(bundles: readonly Bundle[], measured: ReadonlyMap<string, RequestTimes[]>): Row[] {
  const at = (name: string, share: number, values: (times: RequestTimes) => number | number[]) =>
    percentile(
      (measured.get(name) ?? []).flatMap(values).sort((a, b) => a - b),
      share,
    );
  const firstOf = (name: string) => at(name, 0.5, times => times.firstMs);
  return bundles.map(
    ({ name, bytes }): Row => ({
      what: name,
      starts: measured.get(name)?.length,
      kB: bytes,
      load: at(name, 0.5, times => times.loadedMs),
      request: at(name, 0.5, times => times.firstMs - times.loadedMs),
      first: firstOf(name),
      firstP90: at(name, 0.9, times => times.firstMs),
      above: firstOf(name) - firstOf(CLIENTS[0].name),
      processor: at(name, 0.5, times => times.processorMs),
      later: at(name, 0.5, times => times.laterMs),
    }),
  );
}
