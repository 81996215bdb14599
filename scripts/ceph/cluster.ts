import { randomBytes, randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join, resolve } from 'node:path';
import { INSTALL, missingCommands, run } from './command.ts';
import { configuration, configurationFile, DATA_FOLDERS, type Ports } from './configuration.ts';
import { answers, DAEMONS, type Daemon, endDaemon, pidOf, startDaemon } from './daemon.ts';

/** A running cluster as its users see it. */
export interface Cluster {
  /** Of S3, path style. */
  endpoint: string;
  accessKeyId: string;
  secretAccessKey: string;
  folder: string;
  pids: Record<Daemon, number>;
}

/** What is kept in the folder; it is written when the cluster has been made. */
interface Made {
  ports: Ports;
  accessKeyId: string;
  secretAccessKey: string;
}

/** A start takes about 15 s on two free cores, 5 s when the cluster has been made before. */
const START_MS = 90_000;
const STOP_MS = 15_000;

const madeFile = (folder: string) => join(folder, 'cluster.json');

/**
 * Starts the cluster in a folder, with all that was written to it before its daemons ended, in whatever way; makes it when
 * the folder is empty. What fails is tried a second time, a new cluster from scratch.
 * @throws Error when Ceph is not installed, when the folder holds something else, when it cannot be started in 90 s
 */
export async function startCluster(path: string, options: { port?: number } = {}): Promise<Cluster> {
  const folder = resolve(path);
  const missing = missingCommands();
  if (missing.length > 0) throw new Error(`cannot find ${missing.join(', ')}: ${INSTALL}`);
  try {
    return await start(folder, options.port);
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : error}; trying once more`);
    await stopCluster(folder);
    return await start(folder, options.port);
  }
}

async function start(folder: string, port: number | undefined): Promise<Cluster> {
  const signal = AbortSignal.timeout(START_MS);
  try {
    const known = readMade(folder);
    const made = known ?? (await make(folder, port, signal));
    await startDaemons(folder, made.ports, signal);
    return describe(folder, made);
  } catch (error) {
    if (!signal.aborted) throw error;
    throw new Error(`cannot start Ceph in "${folder}" within ${START_MS / 1000} s`, { cause: error });
  }
}

function readMade(folder: string): Made | undefined {
  return existsSync(madeFile(folder)) ? JSON.parse(readFileSync(madeFile(folder), 'utf8')) : undefined;
}

function describe(folder: string, { ports, accessKeyId, secretAccessKey }: Made): Cluster {
  const endpoint = `http://127.0.0.1:${ports.gateway}`;
  const pids = DAEMONS.map(daemon => [daemon, pidOf(folder, daemon)]);
  return { endpoint, accessKeyId, secretAccessKey, folder, pids: Object.fromEntries(pids) };
}

/** Starts what does not run, in order. */
async function startDaemons(folder: string, ports: Ports, signal: AbortSignal): Promise<void> {
  await startDaemon(folder, 'monitor', () => answers(ports.monitor), signal);
  await startDaemon(folder, 'disk', () => diskIsActive(folder, signal), signal);
  if (pidOf(folder, 'gateway') === undefined && (await answers(ports.gateway)))
    throw new Error(`cannot start the gateway in "${folder}": another process has port ${ports.gateway}`);
  await startDaemon(folder, 'gateway', () => answers(ports.gateway), signal);
}

/** Whether the disk has been taken in by the monitor. */
async function diskIsActive(folder: string, signal: AbortSignal): Promise<boolean> {
  const socket = join(folder, 'run', 'osd.0.asok');
  if (!existsSync(socket)) return false;
  const status = await run('ceph', ['--admin-daemon', socket, 'status'], signal).catch(() => '{}');
  return JSON.parse(status).state === 'active';
}

/** Makes the monitor's and the disk's data and a user of the gateway; the monitor and the disk run afterwards. */
async function make(folder: string, port: number | undefined, signal: AbortSignal): Promise<Made> {
  clear(folder);
  for (const name of DATA_FOLDERS) mkdirSync(join(folder, name), { recursive: true });
  const ports = { monitor: await freePort(), gateway: port ?? (await freePort()) };
  const [fsid, disk] = [randomUUID(), randomUUID()];
  writeFileSync(configurationFile(folder), configuration(folder, fsid, ports));
  const withConfiguration = (command: string, ...args: string[]) =>
    run(command, ['-c', configurationFile(folder), ...args], signal);

  const map = join(folder, 'monmap');
  const address = `[v1:127.0.0.1:${ports.monitor}]`;
  await run(
    'monmaptool',
    ['--create', '--fsid', fsid, '--addv', 'a', address, '--set-min-mon-release', 'pacific', map],
    signal,
  );
  await withConfiguration('ceph-mon', '--id', 'a', '--mkfs', '--monmap', map);
  await startDaemon(folder, 'monitor', () => answers(ports.monitor), signal);
  await withConfiguration('ceph', 'osd', 'new', disk, '0');
  await withConfiguration('ceph', 'osd', 'crush', 'add', 'osd.0', '1', 'root=default', 'host=localhost');
  await withConfiguration('ceph-osd', '--id', '0', '--mkfs', '--osd-uuid', disk);
  await startDaemon(folder, 'disk', () => diskIsActive(folder, signal), signal);
  const user = {
    accessKeyId: randomBytes(10).toString('hex'),
    secretAccessKey: randomBytes(20).toString('hex'),
  };
  await withConfiguration(
    'radosgw-admin',
    '-n',
    'client.rgw.x',
    'user',
    'create',
    '--uid=tests',
    '--display-name=tests',
    `--access-key=${user.accessKeyId}`,
    `--secret-key=${user.secretAccessKey}`,
  );
  const made = { ports, ...user };
  writeFileSync(madeFile(folder), JSON.stringify(made), { mode: 0o600 });
  return made;
}

/** Empties a folder in which a cluster was made in part. */
function clear(folder: string): void {
  if (!existsSync(folder)) return;
  const names = readdirSync(folder);
  if (names.length > 0 && !existsSync(configurationFile(folder)))
    throw new Error(`cannot make a cluster in "${folder}": it holds "${names[0]}" and no cluster`);
  for (const name of names) rmSync(join(folder, name), { recursive: true, force: true });
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}

/** Stops the daemons in a folder that run; what they have written stays. */
export async function stopCluster(path: string): Promise<void> {
  const folder = resolve(path);
  // The gateway keeps nothing, and takes 10 to 30 s for its orderly stop.
  await endDaemon(folder, 'gateway', 0);
  await endDaemon(folder, 'disk', STOP_MS);
  await endDaemon(folder, 'monitor', STOP_MS);
}
