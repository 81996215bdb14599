import { cpSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Contestant } from '../support/interleave.ts';
import { git } from '../support/native-git.ts';
import { processorMs } from './server-cost.ts';

/** A server that git clones from. */
export interface GitServer {
  name: string;
  /** Of the repository. */
  url: string;
  /** Header that lets git in. */
  authorization: string;
  pid: number;
}

/** Processor time of servers by what they did, in milliseconds. */
export class ServerTimes {
  readonly #samples = new Map<string, number[]>();

  watch(server: GitServer, contestant: Contestant): Contestant {
    return {
      ...contestant,
      run: async round => {
        const before = processorMs(server.pid);
        await contestant.run(round);
        const samples = this.#samples.get(contestant.name) ?? [];
        this.#samples.set(contestant.name, samples);
        samples.push(processorMs(server.pid) - before);
      },
    };
  }

  of(name: string): readonly number[] {
    return this.#samples.get(name) ?? [];
  }
}

/** What git is told on every call. */
export function asked({ authorization }: GitServer): string[] {
  return ['-c', `http.extraHeader=Authorization: ${authorization}`, '-c', 'gc.auto=0'];
}

/** Clones into a folder that is removed again. */
export function cloning(
  folder: string,
  server: GitServer,
  what: string,
  flags: readonly string[],
): Contestant {
  const target = join(folder, `clone-${server.name}`);
  return {
    name: `${server.name} ${what}`,
    run: async () => {
      await git(folder, [...asked(server), 'clone', '--quiet', ...flags, server.url, target]);
    },
    settle: () => rmSync(target, { recursive: true, force: true }),
  };
}

/** Fetches into a copy of a clone that is so many commits behind. */
export function fetching(folder: string, server: GitServer, what: string, behind: string): Contestant {
  const target = join(folder, `fetch-${server.name}`);
  return {
    name: `${server.name} ${what}`,
    prepare: () => cpSync(behind, target, { recursive: true }),
    run: async () => {
      await git(target, [...asked(server), 'fetch', '--quiet', server.url, 'main:main']);
    },
    settle: () => rmSync(target, { recursive: true, force: true }),
  };
}

/** A bare clone as it was at a commit. */
export async function cloneAt(folder: string, source: string, commit: string): Promise<string> {
  mkdirSync(folder, { recursive: true });
  await git(folder, ['init', '--quiet', '--bare', '--initial-branch=main']);
  await git(folder, [
    '-c',
    'uploadpack.allowAnySHA1InWant=true',
    'fetch',
    '--quiet',
    `file://${source}`,
    `${commit}:refs/heads/main`,
  ]);
  return folder;
}
