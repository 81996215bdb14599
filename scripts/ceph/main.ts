import { parseArgs } from 'node:util';
import { startCluster, stopCluster } from './cluster.ts';

const USAGE = `Usage: npm run ceph -- up FOLDER [--port N]   starts a Ceph cluster that speaks S3 and prints where, as JSON
       npm run ceph -- down FOLDER            stops it; its data stays, and "up" starts it again
       npm run ceph -- run FOLDER [--port N]  the same as up, then as down when standard input ends`;

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    options: { port: { type: 'string' } },
    allowPositionals: true,
  });
  const [action, folder, ...more] = positionals;
  const known = action === 'up' || action === 'down' || action === 'run';
  if (!known || folder === undefined || more.length > 0 || !/^\d{1,5}$/.test(values.port ?? '1')) {
    console.error(USAGE);
    return 2;
  }
  try {
    if (action !== 'down') {
      const cluster = await startCluster(
        folder,
        values.port === undefined ? {} : { port: Number(values.port) },
      );
      console.log(JSON.stringify(cluster));
    }
    if (action === 'run') await inputEnds();
    if (action !== 'up') await stopCluster(folder);
    return 0;
  } catch (error) {
    console.error(`error: ${error instanceof Error ? error.message : error}`);
    if (action === 'run') await stopCluster(folder);
    return 1;
  }
}

/** Whoever started this process holds the other end, so this also tells when it was killed. */
function inputEnds(): Promise<void> {
  return new Promise(resolve => {
    process.stdin
      .resume()
      .once('end', resolve)
      .once('error', () => resolve());
  });
}

process.exitCode = await main();
