import type { Principal } from '../auth/principal.ts';
import type { Config } from '../core/config.ts';
import type { Logger } from '../core/log.ts';
import type { ProjectionConfig } from '../core/projection-config.ts';
import type { LedgerRepository } from '../git/open.ts';
import type { GitServices } from '../http/git-services.ts';
import type { Job } from '../import/job/job.ts';
import type { OpenPush } from '../import/job/run-environment.ts';
import type { WriteHooks } from '../wiki/change/hooks.ts';
import { lazyPlugins } from './plugins.ts';
import { wikiSettings } from './wiki.ts';
import type { WikiOwnParts } from './wiki-parts.ts';

/** What holds for pushes that were sent ahead. */
export interface PushGround {
  settings: GitServices['settings'];
  log: Logger;
  hooks: (() => Promise<WriteHooks | undefined>) | undefined;
}

/** @param settings bound by what an import may be, not by what a request may */
export function pushGround(config: Config, settings: ProjectionConfig, log: Logger): PushGround {
  const plugins = lazyPlugins(config, log, { now: () => 0, record: () => {} });
  return {
    settings: { ...settings, gitMaxPushBytes: settings.maxImportBytes },
    log,
    hooks: plugins && (async () => (await plugins()).writeHooks),
  };
}

export interface PushMeans {
  config: Config;
  repository: LedgerRepository;
  policies: WikiOwnParts['policies'];
  /** Who sent it, as of now. @throws KittiwakeError `auth_invalid` */
  principal: Principal;
  scratch: string;
}

const CHUNK_BYTES = 4 << 20;

/** Makes a push that was sent ahead ready to be landed. */
export async function openSentPush(job: Job, ground: PushGround, means: PushMeans): Promise<OpenPush> {
  const { source } = job;
  const { repository, principal } = means;
  const [{ mkdir }, { landSentPush }, { openStoredFile }, { sourceUnsupported }] = await Promise.all([
    import('node:fs/promises'),
    import('../git-http/sent-push.ts'),
    import('../import/source/bytes/stored-file.ts'),
    import('../import/errors.ts'),
  ]);
  if (source.kind !== 'stored') throw sourceUnsupported(source.name, 'it was not sent here');
  const { key, name, segments } = source;
  const keys = segments?.map(segment => segment.key) ?? [key];
  const file = await openStoredFile({ store: repository.store, keys, name });
  await mkdir(means.scratch, { recursive: true });
  const git = await gitFor(job, ground, means);
  async function* body(): AsyncGenerator<Uint8Array> {
    for (let at = 0; at < file.size; at += CHUNK_BYTES)
      yield await file.read(at, Math.min(file.size, at + CHUNK_BYTES));
  }
  return {
    kind: 'push',
    bytesTotal: file.size,
    land: signal => landSentPush(git, { principal, body: body(), signal }),
    close: async () => {},
  };
}

async function gitFor(
  { id }: Job,
  { settings, log, hooks }: PushGround,
  { config, repository, policies, principal, scratch }: PushMeans,
): Promise<GitServices> {
  const { permits, anywhere } = await policies.evaluation();
  const fields = { principal: principal.id, import: id };
  return {
    wiki: config.wiki,
    repository,
    access: policy => permits(principal, policy),
    settings,
    rules: { settings: wikiSettings(config), hooks },
    scratch,
    mayWrite: policy => anywhere('write', policy, principal),
    pushed: counts => log.info('git_pushed', { ...fields, ...counts }),
    refused: (operation, { code }) => log.info('git_refused', { operation, ...fields, code }),
  };
}
