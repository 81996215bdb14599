import { randomBytes, randomUUID } from 'node:crypto';
import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { run } from './command.ts';
import { configuration, configurationFile, DATA_FOLDERS, type Ports } from './configuration.ts';
import { startDisk, startMonitor } from './storage-daemons.ts';

/** What is kept of a cluster in its folder, from when it is complete. */
export interface Made {
  ports: Ports;
  accessKeyId: string;
  secretAccessKey: string;
}

export const madeFile = (folder: string) => join(folder, 'cluster.json');

/** Makes a cluster in a folder of its own, over what is there; its monitor and its disk run afterwards. */
export async function makeCluster(
  folder: string,
  port: number | undefined,
  signal: AbortSignal,
): Promise<Made> {
  mkdirSync(folder, { recursive: true });
  for (const name of readdirSync(folder)) rmSync(join(folder, name), { recursive: true, force: true });
  for (const name of DATA_FOLDERS) mkdirSync(join(folder, name));
  const ports = { monitor: await freePort(), gateway: port ?? (await freePort()) };
  const fsid = randomUUID();
  writeFileSync(configurationFile(folder), configuration(folder, fsid, ports));
  await makeMonitor(folder, fsid, ports.monitor, signal);
  await makeDisk(folder, signal);
  const made = { ports, ...(await makeUser(folder, signal)) };
  writeFileSync(madeFile(folder), JSON.stringify(made), { mode: 0o600 });
  return made;
}

async function makeMonitor(folder: string, fsid: string, port: number, signal: AbortSignal): Promise<void> {
  const map = join(folder, 'monmap');
  const monitor = ['--addv', 'a', `[v1:127.0.0.1:${port}]`, '--set-min-mon-release', 'pacific'];
  await run('monmaptool', ['--create', '--fsid', fsid, ...monitor, map], signal);
  await run('ceph-mon', [...given(folder), '--id', 'a', '--mkfs', '--monmap', map], signal);
  await startMonitor(folder, port, signal);
}

async function makeDisk(folder: string, signal: AbortSignal): Promise<void> {
  const uuid = randomUUID();
  const place = ['osd.0', '1', 'root=default', 'host=localhost'];
  await run('ceph', [...given(folder), 'osd', 'new', uuid, '0'], signal);
  await run('ceph', [...given(folder), 'osd', 'crush', 'add', ...place], signal);
  await run('ceph-osd', [...given(folder), '--id', '0', '--mkfs', '--osd-uuid', uuid], signal);
  await startDisk(folder, signal);
}

async function makeUser(folder: string, signal: AbortSignal) {
  const accessKeyId = randomBytes(10).toString('hex');
  const secretAccessKey = randomBytes(20).toString('hex');
  const keys = [`--access-key=${accessKeyId}`, `--secret-key=${secretAccessKey}`];
  const user = ['user', 'create', '--uid=tests', '--display-name=tests', ...keys];
  await run('radosgw-admin', [...given(folder), '-n', 'client.rgw.x', ...user], signal);
  return { accessKeyId, secretAccessKey };
}

const given = (folder: string) => ['-c', configurationFile(folder)];

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}
