import { COMMAND_LINE } from '../../src/cli/command-line.ts';
import type { RemoteWish } from '../../src/remote/check-remote.ts';
import type { SyncResult } from '../../src/remote/remote.ts';
import type { RemoteAdministration } from '../../src/remote/remote-administration.ts';
import { type Harness, openWiki } from '../http/harness.ts';

export interface RemoteWiki extends Harness {
  remotes(): Promise<RemoteAdministration>;
  /** Names a remote `host`, for both directions unless something else is wished for. */
  connect(url: string, wish?: RemoteWish): Promise<void>;
  pull(options?: { acceptRewritten?: boolean }): Promise<SyncResult>;
  push(): Promise<SyncResult>;
}

/** A wiki that may reach what listens on this machine. */
export async function remoteWiki(env: Record<string, string> = {}): Promise<RemoteWiki> {
  const wiki = await openWiki({ KITTIWAKE_REMOTE_ALLOW: '127.0.0.1', ...env });
  const remotes = async () => (await wiki.service.projections()).as(COMMAND_LINE).remotes();
  const run = async (wish: { pull: boolean; push: boolean; acceptRewritten?: boolean }) => {
    const outcome = await (await remotes()).run('host', { ...wish, timeoutMs: 60_000 });
    if (outcome.kind === 'pending') throw new Error('it takes longer than a minute');
    return outcome.result;
  };
  return {
    ...wiki,
    remotes,
    async connect(url, wish = {}) {
      await (await remotes()).create('host', { url, pull: true, push: true, ...wish });
    },
    pull: ({ acceptRewritten = false } = {}) => run({ pull: true, push: false, acceptRewritten }),
    push: () => run({ pull: false, push: true }),
  };
}
