import { rmSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { startCluster, stopCluster } from './cluster.ts';
import { temporaryFolder } from './temporary-folder.ts';

const USAGE = `Usage: npm run ceph -- up FOLDER [--port N]   starts a Ceph cluster that speaks S3 and prints where, as JSON
       npm run ceph -- down FOLDER            stops it; its data stays, and "up" starts it again
       npm run ceph -- run [--port N]         one in a temporary folder, until standard input ends or Ctrl-C`;

interface Call {
  action: string;
  folder: string | undefined;
  port: number | undefined;
}

function readCall(): Call | undefined {
  const options = { port: { type: 'string' } } as const;
  const { values, positionals } = parseArgs({ options, allowPositionals: true });
  const [action, folder, ...more] = positionals;
  const wantsFolder = action === 'up' || action === 'down';
  if ((!wantsFolder && action !== 'run') || wantsFolder !== (folder !== undefined)) return undefined;
  if (more.length > 0 || !/^\d{1,5}$/.test(values.port ?? '1')) return undefined;
  return { action, folder, port: values.port === undefined ? undefined : Number(values.port) };
}

async function up(folder: string, port: number | undefined): Promise<void> {
  console.log(JSON.stringify(await startCluster(folder, port)));
}

async function runUntilTold(port: number | undefined): Promise<void> {
  const told = toldToStop();
  const folder = temporaryFolder();
  try {
    await up(folder, port);
    await told;
  } finally {
    await stopCluster(folder);
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Whoever started this process holds the other end of its input, so this also tells when that one was killed. */
function toldToStop(): Promise<void> {
  return new Promise(resolve => {
    const stop = () => resolve();
    process.once('SIGINT', stop).once('SIGTERM', stop);
    process.stdin.resume().once('end', stop).once('error', stop);
  });
}

async function main(call: Call): Promise<void> {
  const { action, folder = '', port } = call;
  if (action === 'up') await up(folder, port);
  else if (action === 'down') await stopCluster(folder);
  else await runUntilTold(port);
  process.stdin.pause();
}

const call = readCall();
if (call === undefined) {
  console.error(USAGE);
  process.exitCode = 2;
} else {
  await main(call).catch(error => {
    console.error(`error: ${error instanceof Error ? error.message : error}`);
    process.exit(1);
  });
}
