import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

/** The repository's root: where package.json is. */
export const ROOT = resolve(import.meta.dirname, '../..');
/** The program. */
export const MAIN = join(ROOT, 'src/cli/main.ts');

export interface Outcome {
  code: number | null;
  out: string;
  err: string;
}

export interface CliOptions {
  env?: Record<string, string>;
  cwd?: string;
  /** Starts a process group of its own: kill it by `-child.pid`. */
  group?: boolean;
  /** Its standard input. Default: none. */
  input?: string;
  /** The input ends when the output matches. Default: at once. */
  inputUntil?: RegExp;
  /** User and group to run as; needs root. */
  uid?: number;
}

/** A `kittiwake` process under way. */
export interface RunningCli {
  readonly child: ChildProcess;
  readonly finished: Promise<Outcome>;
  /** The first line of standard output that matches; rejects when the process ends without one. */
  line(pattern: RegExp): Promise<string>;
}

/** Runs a command to its end. */
export async function kittiwake(args: readonly string[], options: CliOptions = {}): Promise<Outcome> {
  return await startKittiwake(args, options).finished;
}

/** Starts `kittiwake` as a user would, with none of this process's settings. */
export function startKittiwake(args: readonly string[], options: CliOptions = {}): RunningCli {
  return follow([process.execPath, MAIN, ...args], options);
}

/** Starts any command in an environment without settings of ours. */
export function follow(
  [command = '', ...args]: readonly string[],
  { env, cwd, group, input, inputUntil, uid }: CliOptions = {},
): RunningCli {
  const clean = Object.entries(process.env).filter(([name]) => !/^(KITTIWAKE|OTTERWIKI)_/.test(name));
  const child = spawn(command, args, {
    cwd: cwd ?? tmpdir(),
    env: { ...Object.fromEntries(clean), ...env },
    stdio: ['pipe', 'pipe', 'pipe'],
    detached: group === true,
    ...(uid === undefined ? {} : { uid, gid: uid }),
  });
  // It may end without having read it.
  child.stdin.on('error', () => {}).write(input ?? '');
  let out = '';
  let err = '';
  const watchers = new Set<() => void>();
  if (inputUntil === undefined) child.stdin.end();
  else watchers.add(() => void (inputUntil.test(out) && child.stdin.end()));
  child.stdout.setEncoding('utf8').on('data', chunk => {
    out += chunk;
    for (const watcher of watchers) watcher();
  });
  child.stderr.setEncoding('utf8').on('data', chunk => {
    err += chunk;
  });
  const finished = new Promise<Outcome>((done, failed) => {
    child.once('error', failed);
    child.once('close', code => done({ code, out, err }));
  });
  const line = (pattern: RegExp) =>
    new Promise<string>((found, failed) => {
      const look = () => {
        const match = out
          .split('\n')
          .slice(0, -1)
          .find(each => pattern.test(each));
        if (match !== undefined) found(match);
      };
      watchers.add(look);
      look();
      finished.then(() => failed(new Error(`ended without a line like ${pattern}: ${out}${err}`)), failed);
    });
  return { child, finished, line };
}

/** A temporary folder for one test file. */
export function temporaryFolder(): { path: (...names: string[]) => string; remove: () => void } {
  const root = mkdtempSync(join(tmpdir(), 'kittiwake-test-'));
  return {
    path: (...names) => join(root, ...names),
    remove: () => rmSync(root, { recursive: true, force: true }),
  };
}
