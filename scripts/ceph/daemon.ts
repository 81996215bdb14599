import { spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { lastLines } from './command.ts';
import { configurationFile } from './configuration.ts';

/** In the order in which they need each other. */
export const DAEMONS = ['monitor', 'disk', 'gateway'] as const;
export type Daemon = (typeof DAEMONS)[number];

const COMMANDS = {
  monitor: ['ceph-mon', '--id', 'a'],
  disk: ['ceph-osd', '--id', '0'],
  gateway: ['radosgw', '-n', 'client.rgw.x'],
} as const;

/** Written here: a gateway in the foreground writes none. */
const pidFile = (folder: string, daemon: Daemon) => join(folder, 'run', daemon);
const outputFile = (folder: string, daemon: Daemon) => join(folder, 'log', `${daemon}.out`);

/** The process id of a running daemon; a number that another process has by now does not count. */
export function pidOf(folder: string, daemon: Daemon): number | undefined {
  try {
    const pid = Number(readFileSync(pidFile(folder, daemon), 'utf8'));
    const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
    return command.includes(configurationFile(folder)) ? pid : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Starts a daemon that does not run, in a session of its own so that it outlives its starter, and waits until `ready`.
 * @throws Error with the end of its output when it ends before that, or `signal` says that it is too late
 */
export async function startDaemon(
  folder: string,
  daemon: Daemon,
  ready: () => Promise<boolean>,
  signal: AbortSignal,
): Promise<void> {
  const ended = pidOf(folder, daemon) === undefined ? launch(folder, daemon) : () => false;
  while (!(await ready())) {
    if (ended() || signal.aborted) throw startFailed(folder, daemon, signal.aborted);
    await wait(100);
  }
}

function startFailed(folder: string, daemon: Daemon, late: boolean): Error {
  const output = lastLines(readFileSync(outputFile(folder, daemon), 'utf8'));
  return new Error(`cannot start the ${daemon} in "${folder}"${late ? ' in time' : ''}: ${output}`);
}

/** The returned function tells whether it has ended. */
function launch(folder: string, daemon: Daemon): () => boolean {
  const [command, ...args] = COMMANDS[daemon];
  const output = openSync(outputFile(folder, daemon), 'w');
  const child = spawn(command, ['-f', '-c', configurationFile(folder), ...args], {
    stdio: ['ignore', output, output],
    detached: true,
  });
  closeSync(output);
  child.unref();
  writeFileSync(pidFile(folder, daemon), `${child.pid}\n`);
  let failed = false;
  child.once('error', () => {
    failed = true;
  });
  return () => failed || child.exitCode !== null || child.signalCode !== null;
}

/** Ends a daemon with `SIGKILL`, and resolves when it is gone. */
export async function killDaemon(folder: string, daemon: Daemon): Promise<void> {
  await endDaemon(folder, daemon, 0);
}

/** Asks a daemon to stop, and kills it when it has not within `graceMs`. */
export async function endDaemon(folder: string, daemon: Daemon, graceMs: number): Promise<void> {
  const pid = pidOf(folder, daemon);
  if (pid === undefined) return;
  const killAtMs = performance.now() + graceMs;
  let sent: NodeJS.Signals | undefined;
  while (pidOf(folder, daemon) === pid) {
    const next = performance.now() >= killAtMs ? 'SIGKILL' : 'SIGTERM';
    if (sent !== next) signalTo(pid, next);
    sent = next;
    await wait(20);
  }
}

function signalTo(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // It has ended by itself.
  }
}

/** Whether somebody takes connections at a port of 127.0.0.1. */
export function answers(port: number): Promise<boolean> {
  return new Promise(resolve => {
    const socket = connect(port, '127.0.0.1');
    const say = (answer: boolean) => {
      socket.destroy();
      resolve(answer);
    };
    socket.once('connect', () => say(true)).once('error', () => say(false));
  });
}
