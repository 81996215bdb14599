import { join } from 'node:path';
import type { Contestant } from '../support/interleave.ts';
import { git } from '../support/native-git.ts';
import { pagePath } from '../support/page-layout.ts';
import { pageText } from '../support/page-text.ts';
import { asked, type GitServer } from './cloning.ts';

/** A clone from which pushes are made, one on the other. */
export interface PushingClone {
  server: GitServer;
  folder: string;
  /** Pages of the wiki. */
  pages: number;
}

/** @param folder that the clone is made in */
export async function cloneToPushFrom(
  folder: string,
  server: GitServer,
  pages: number,
): Promise<PushingClone> {
  const at = join(folder, `push-${server.name}`);
  await git(folder, [...asked(server), 'clone', '--quiet', '--bare', server.url, at]);
  return { server, folder: at, pages };
}

/** Pushes one commit that changes so many pages, spread over the folders. */
export function pushing({ server, folder, pages }: PushingClone, what: string, count: number): Contestant {
  let seed = count * 1_000_000;
  return {
    name: `${server.name} ${what}`,
    prepare: async () => {
      seed += count;
      await git(folder, ['fast-import', '--quiet'], commitOf(pages, count, seed));
    },
    run: async () => {
      await git(folder, [...asked(server), 'push', '--quiet', server.url, 'main']);
    },
  };
}

/** A stream for `git fast-import`. */
function commitOf(pages: number, count: number, seed: number): string {
  const step = pages / count;
  const files = Array.from({ length: count }, (_, index) => {
    const text = pageText({ seed: seed + index, bytes: 400 });
    const path = pagePath(Math.floor(index * step), pages, 'nested');
    return `M 100644 inline ${path}\ndata ${Buffer.byteLength(text)}\n${text}\n`;
  });
  const message = `Change ${count} pages`;
  const committer = `Ann Example <ann@example.org> ${Math.floor(Date.now() / 1_000)} +0000`;
  return [
    'commit refs/heads/main',
    `committer ${committer}`,
    `data ${message.length}`,
    message,
    'from refs/heads/main^0',
    files.join(''),
    'done\n',
  ].join('\n');
}
