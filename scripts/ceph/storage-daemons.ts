import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { run } from './command.ts';
import { answers, startDaemon } from './daemon.ts';

export async function startMonitor(folder: string, port: number, signal: AbortSignal): Promise<void> {
  await startDaemon(folder, 'monitor', () => answers(port), signal);
}

export async function startDisk(folder: string, signal: AbortSignal): Promise<void> {
  await startDaemon(folder, 'disk', () => diskIsActive(folder, signal), signal);
}

/** Whether the monitor has taken in the disk. */
async function diskIsActive(folder: string, signal: AbortSignal): Promise<boolean> {
  const socket = join(folder, 'run', 'osd.0.asok');
  if (!existsSync(socket)) return false;
  try {
    return JSON.parse(await run('ceph', ['--admin-daemon', socket, 'status'], signal)).state === 'active';
  } catch {
    return false;
  }
}
