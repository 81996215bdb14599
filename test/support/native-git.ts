import { execFileSync } from 'node:child_process';

let tick = 1_700_000_000;

/** Runs native git in `cwd` with an identity and dates of its own, and none of this machine's configuration. */
export function nativeGit(cwd: string, ...args: readonly string[]): string {
  tick += 60;
  const who = { NAME: 'Ann Example', EMAIL: 'ann@example.org', DATE: `${tick} +0130` };
  const identity = Object.entries(who).flatMap(([key, value]) => [
    [`GIT_AUTHOR_${key}`, value],
    [`GIT_COMMITTER_${key}`, value],
  ]);
  const env = {
    PATH: process.env.PATH,
    HOME: cwd,
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_CONFIG_GLOBAL: '/dev/null',
    LC_ALL: 'C.UTF-8',
    ...Object.fromEntries(identity),
  };
  return execFileSync('git', args, {
    cwd,
    env,
    encoding: 'utf8',
    maxBuffer: 1 << 28,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}
