import { spawn, spawnSync } from 'node:child_process';

/** The Debian packages that bring {@link COMMANDS}. */
export const PACKAGES = 'radosgw ceph-mon ceph-osd ceph-common';
export const INSTALL = `apt-get install -y --no-install-recommends ${PACKAGES}`;

const COMMANDS = ['ceph', 'ceph-mon', 'ceph-osd', 'monmaptool', 'radosgw', 'radosgw-admin'];

/** Commands of Ceph that are not on this machine. */
export function missingCommands(): string[] {
  return COMMANDS.filter(command => spawnSync(command, ['--version'], { stdio: 'ignore' }).error);
}

/**
 * Runs a command to its end and resolves with its standard output. It is killed when `signal` says so.
 * @throws Error with the last lines of its output when it fails
 */
export async function run(command: string, args: readonly string[], signal: AbortSignal): Promise<string> {
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'], signal, killSignal: 'SIGKILL' });
  let output = '';
  let errors = '';
  child.stdout.setEncoding('utf8').on('data', chunk => {
    output += chunk;
  });
  child.stderr.setEncoding('utf8').on('data', chunk => {
    errors += chunk;
  });
  const end = await new Promise<number | string | null>(resolve => {
    child.once('error', error => resolve(error.message));
    child.once('close', (code, killedBy) => resolve(code ?? killedBy));
  });
  if (end !== 0) throw new Error(`"${command} ${args.join(' ')}" ended with "${end}": ${lastLines(errors)}`);
  return output;
}

/** The end of a log, as part of a message. */
export function lastLines(text: string): string {
  return text.trim().split('\n').slice(-5).join('\n') || 'it said nothing';
}
