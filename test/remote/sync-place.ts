import { type Runtime, systemRuntime } from '../../src/core/runtime.ts';
import { type LedgerRepository, openRepository } from '../../src/git/open.ts';
import { parseRanges } from '../../src/net/addresses.ts';
import { openStateDocument } from '../../src/projection/state/state-document.ts';
import { parseRemotes, type Remote, type SyncResult } from '../../src/remote/remote.ts';
import type { Remotes } from '../../src/remote/remotes.ts';
import { type SyncEnvironment, type SyncOptions, syncRemote } from '../../src/remote/sync.ts';
import type { ByteStore } from '../../src/storage/byte-store.ts';

/** A process that works on the remotes of a wiki. */
export interface SyncPlace {
  repository: LedgerRepository;
  remotes: Remotes;
  sync(directions: Partial<SyncOptions>): Promise<SyncResult>;
}

export interface SyncPlaceOptions {
  store: ByteStore;
  uuid: string;
  runtime?: Runtime;
  /** A store on a disk of this machine. Default false. */
  local?: boolean;
}

/** Opens a wiki anew, as another process does; the remote `host` is at 127.0.0.1. */
export function openSyncPlace(options: SyncPlaceOptions): SyncPlace {
  const { store, uuid, runtime = systemRuntime, local = false } = options;
  const own: readonly Remote[] = [];
  const document = openStateDocument({ store, uuid, runtime, name: 'remotes', own, parseOwn: parseRemotes });
  const remotes: Remotes = {
    list: async () => (await document.read()).own,
    change: decide =>
      document.change(state => {
        const { remotes: changed, result } = decide(state.own);
        return changed === undefined ? { result } : { state: { ...state, own: changed }, result };
      }),
  };
  const repository = openRepository({ store, uuid, runtime, local, flush: null });
  const environment: SyncEnvironment = {
    remotes,
    repository,
    runtime,
    reach: async ({ url }, signal) => ({
      url: { shown: url, authorization: undefined },
      options: { allowed: parseRanges(['127.0.0.1']), signal },
      maxBytes: 64 << 20,
    }),
  };
  return {
    repository,
    remotes,
    sync: directions =>
      syncRemote(environment, 'host', { pull: false, push: false, timeoutMs: 60_000, ...directions }),
  };
}

/** Names a remote `host`, for both directions. */
export async function nameHost({ remotes }: SyncPlace, url: string): Promise<void> {
  const remote: Remote = {
    name: 'host',
    url,
    branch: '',
    pull: true,
    push: true,
    everyMinutes: 0,
    afterCommits: false,
    webhook: false,
    prefer: 'ours',
    credentials: '',
    active: true,
    createdMs: 0,
    changedMs: 0,
    createdBy: 'test',
    status: { failures: 0, conflicts: [] },
  };
  await remotes.change(() => ({ remotes: [remote], result: null }));
}
