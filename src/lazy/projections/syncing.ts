import type { LedgerRepository } from '../../git/open.ts';
import type { Remote } from '../../remote/remote.ts';
import type { SyncEnvironment } from '../../remote/sync.ts';
import { scratchOf } from '../scratch.ts';
import { wikiSettings } from '../wiki.ts';
import type { ProjectionParts } from './parts.ts';

interface SyncingParts extends Required<Pick<SyncEnvironment, 'remotes' | 'onConflict'>> {
  repository: LedgerRepository;
  /** Of the wiki. */
  uuid: string;
}

/** What pulls and pushes for one wiki. Nobody in particular brings what is pulled: it may go wherever the wiki's limits let it. */
export async function openSyncing(
  { environment, wiki: { policies } }: ProjectionParts,
  parts: SyncingParts,
): Promise<SyncEnvironment> {
  const { config, runtime, plugins } = environment;
  const [{ createLandingCheck }, { permits }] = await Promise.all([
    import('../../wiki/landing/landing-check.ts'),
    policies.evaluation(),
  ]);
  const puller = { id: 'remote', standing: 'operator', grants: [], names: [] } as const;
  return {
    ...parts,
    runtime,
    check: createLandingCheck({
      access: policy => permits(puller, policy),
      settings: wikiSettings(config),
      hooks: plugins && (async () => (await plugins()).writeHooks),
    }),
    scratch: scratchOf(config),
    reach: (remote, signal) => reachOf(environment, parts.uuid, remote, signal),
  };
}

async function reachOf(
  { settings, known, config: { wiki } }: ProjectionParts['environment'],
  uuid: string,
  { url, credentials }: Remote,
  signal: AbortSignal,
): Promise<Awaited<ReturnType<SyncEnvironment['reach']>>> {
  const [{ config, secrets }, { authorizationFor, parseCredentials }, { parseRanges }] = await Promise.all([
    settings(),
    import('../../remote/credentials.ts'),
    import('../../net/addresses.ts'),
  ]);
  const use = { name: credentials, url, wiki: known && { name: wiki, uuid } };
  const authorization = authorizationFor(parseCredentials(secrets.remoteCredentials), use);
  const allowed = parseRanges(config.remoteAllow, 'KITTIWAKE_REMOTE_ALLOW');
  return {
    url: { shown: url, authorization },
    options: { allowed, signal },
    maxBytes: config.maxRemoteBytes,
  };
}
