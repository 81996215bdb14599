import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { INSTALL, missingCommands } from './command.ts';
import { configurationFile } from './configuration.ts';
import { answers, DAEMONS, type Daemon, endDaemon, pidOf, startDaemon } from './daemon.ts';
import { type Made, madeFile, makeCluster } from './make-cluster.ts';
import { startDisk, startMonitor } from './storage-daemons.ts';

/** A running cluster as its users see it. */
export interface Cluster {
  /** Of S3, path style. */
  endpoint: string;
  accessKeyId: string;
  secretAccessKey: string;
  folder: string;
  pids: Record<Daemon, number>;
}

/** A start takes about 7 s on two free cores, 4 s when the cluster has been made before. */
const START_MS = 90_000;
const STOP_MS = 15_000;

/**
 * Starts the cluster in a folder: what of it does not run, with all that was written to it before, however its daemons
 * ended. Makes it when the folder is empty. What fails is tried a second time; a new cluster, from scratch.
 * @throws Error when Ceph is not installed, when the folder holds something else, when it cannot be started in 90 s
 */
export async function startCluster(path: string, port?: number): Promise<Cluster> {
  const folder = resolve(path);
  const missing = missingCommands();
  if (missing.length > 0) throw new Error(`cannot find ${missing.join(', ')}: ${INSTALL}`);
  refuseOthers(folder);
  try {
    return await start(folder, port);
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : error}; trying once more`);
    await stopCluster(folder);
    return await start(folder, port);
  }
}

function refuseOthers(folder: string): void {
  const name = existsSync(folder) ? readdirSync(folder)[0] : undefined;
  if (name !== undefined && !existsSync(configurationFile(folder)))
    throw new Error(`cannot make a cluster in "${folder}": it holds "${name}" and no cluster`);
}

async function start(folder: string, port: number | undefined): Promise<Cluster> {
  const signal = AbortSignal.timeout(START_MS);
  const made = readMade(folder) ?? (await makeCluster(folder, port, signal));
  await startMonitor(folder, made.ports.monitor, signal);
  await startDisk(folder, signal);
  await startGateway(folder, made.ports.gateway, signal);
  return describe(folder, made);
}

function readMade(folder: string): Made | undefined {
  return existsSync(madeFile(folder)) ? JSON.parse(readFileSync(madeFile(folder), 'utf8')) : undefined;
}

async function startGateway(folder: string, port: number, signal: AbortSignal): Promise<void> {
  if (pidOf(folder, 'gateway') === undefined && (await answers(port)))
    throw new Error(`cannot start the gateway in "${folder}": another process has port ${port}`);
  await startDaemon(folder, 'gateway', () => answers(port), signal);
}

function describe(folder: string, { ports, accessKeyId, secretAccessKey }: Made): Cluster {
  const endpoint = `http://127.0.0.1:${ports.gateway}`;
  const pids = DAEMONS.map(daemon => [daemon, pidOf(folder, daemon)]);
  return { endpoint, accessKeyId, secretAccessKey, folder, pids: Object.fromEntries(pids) };
}

/** Stops the daemons in a folder that run; what they have written stays. */
export async function stopCluster(path: string): Promise<void> {
  const folder = resolve(path);
  // The gateway keeps nothing, and takes 10 to 30 s for its orderly stop.
  await endDaemon(folder, 'gateway', 0);
  await endDaemon(folder, 'disk', STOP_MS);
  await endDaemon(folder, 'monitor', STOP_MS);
}
