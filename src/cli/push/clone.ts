import { notOnBranch } from './errors.ts';
import { git, tryGit } from './run-git.ts';

/** What a clone wants to push. */
export interface Outbox {
  /** Short name of the local branch. */
  branch: string;
  after: string;
  /** Full name of what it becomes there. */
  ref: string;
  /** Undefined: a URL was given. */
  remote: string | undefined;
  /** With user name and password, where the clone keeps them there. */
  url: string;
}

export interface Wanted {
  /** URL or name. Default: that of the branch, else `origin`. */
  remote: string | undefined;
  /** Default: the one that is checked out. */
  branch: string | undefined;
}

/** Looks at what the settings of the clone say, as `git push` does. @throws KittiwakeError `usage`, `git_failed` */
export async function readOutbox(wanted: Wanted, signal: AbortSignal): Promise<Outbox> {
  const config = (name: string) => optional(['config', '--get', name], signal);
  await git(['rev-parse', '--git-dir'], { signal });
  const branch = wanted.branch ?? (await optional(['symbolic-ref', '--short', '--quiet', 'HEAD'], signal));
  if (branch === undefined) throw notOnBranch();
  const after = await git(['rev-parse', '--verify', `refs/heads/${branch}^{commit}`], { signal });
  const own = await config(`branch.${branch}.remote`);
  const pushed = (await config(`branch.${branch}.pushRemote`)) ?? (await config('remote.pushDefault'));
  const remote = wanted.remote ?? pushed ?? own ?? 'origin';
  const upstream = remote === own ? await config(`branch.${branch}.merge`) : undefined;
  const ref = upstream ?? `refs/heads/${branch}`;
  if (/^[a-z]+:\/\//i.test(remote)) return { branch, after, ref, remote: undefined, url: remote };
  const url = await git(['remote', 'get-url', '--push', remote], { signal });
  return { branch, after, ref, remote, url };
}

/** Those of the objects that are here. */
export async function present(oids: readonly string[], signal: AbortSignal): Promise<string[]> {
  const input = [...new Set(oids)].map(oid => `${oid}\n`).join('');
  const lines = (await git(['cat-file', '--batch-check=%(objectname)'], { input, signal })).split('\n');
  return lines.filter(line => /^[0-9a-f]{40}$/.test(line));
}

export async function buildsOn(after: string, before: string, signal: AbortSignal): Promise<boolean> {
  return (await tryGit(['merge-base', '--is-ancestor', before, after], { signal })).status === 0;
}

/** What the clone knows of the remote from now on, as after `git push`. */
export async function noteRemote({ remote, ref, after }: Outbox, signal: AbortSignal): Promise<void> {
  if (remote === undefined || !ref.startsWith('refs/heads/')) return;
  const tracked = `refs/remotes/${remote}/${ref.slice('refs/heads/'.length)}`;
  const fetched = (await optional(['config', '--get-all', `remote.${remote}.fetch`], signal)) ?? '';
  if (fetched.includes(`refs/remotes/${remote}/`))
    await git(['update-ref', '-m', 'kittiwake push', tracked, after], { signal });
}

async function optional(args: readonly string[], signal: AbortSignal): Promise<string | undefined> {
  const { status, out } = await tryGit(args, { signal });
  return status === 0 && out !== '' ? out : undefined;
}
