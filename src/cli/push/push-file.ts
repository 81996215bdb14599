import { createWriteStream, openAsBlob } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { FLUSH, packet } from '../../net/git/pkt-line.ts';
import { type Outbox, present } from './clone.ts';
import { git, tryGit } from './run-git.ts';

const NOTHING = '0'.repeat(40);

/** A change of one ref, with what the other side has. */
export interface Sending {
  outbox: Outbox;
  /** What the ref is there. */
  before: string | undefined;
  /** Of all refs there. */
  haves: readonly string[];
}

/**
 * Makes what git itself would send (gitprotocol-pack(5)): the command and a thin pack of what the other side lacks. It lies in the
 * clone, where there is room for it, while it is worked with.
 */
export async function withPushFile<R>(
  { outbox, before = NOTHING, haves }: Sending,
  signal: AbortSignal,
  work: (file: Blob) => Promise<R>,
): Promise<R> {
  const gitFolder = await git(['rev-parse', '--absolute-git-dir'], { signal });
  const folder = await mkdtemp(join(gitFolder, 'kittiwake-push-'));
  try {
    const path = join(folder, 'push');
    const command = packet(`${before} ${outbox.after} ${outbox.ref}\0 report-status agent=kittiwake\n`);
    await writeFile(path, command + FLUSH);
    const known = await present(haves, signal);
    const input = [outbox.after, ...known.map(oid => `^${oid}`), ''].join('\n');
    const output = createWriteStream(path, { flags: 'a' });
    await git(['pack-objects', ...(await packFlags(signal))], { input, output, signal });
    return await work(await openAsBlob(path));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** As `git send-pack` has them, in clones that lack some of the history or of the contents, too. */
async function packFlags(signal: AbortSignal): Promise<string[]> {
  const isShallow = (await git(['rev-parse', '--is-shallow-repository'], { signal })) === 'true';
  const promisor = await tryGit(['config', '--get-regexp', '^remote\\..*\\.promisor$'], { signal });
  return [
    '--revs',
    '--stdout',
    '--thin',
    '--delta-base-offset',
    '--quiet',
    ...(isShallow ? ['--shallow'] : []),
    ...(promisor.status === 0 ? ['--exclude-promisor-objects'] : []),
  ];
}
