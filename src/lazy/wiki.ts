import type { Config } from '../core/config.ts';
import type { Repository } from '../git/repository.ts';
import type { WikiSettings } from '../wiki/settings.ts';
import type { WholeWiki } from '../wiki/wiki.ts';
import type { Environment } from './environment.ts';
import { type Lazy, lazy } from './lazy.ts';
import type { Prefetch } from './prefetch.ts';

/** Largest attachment, decoded, in bytes: the wire contract's limit. */
const MAX_ATTACHMENT_BYTES = 10 * 1024 * 1024;

export function wikiSettings(config: Config): WikiSettings {
  return {
    retainPageNameCase: config.retainPageNameCase,
    wikilinkStyle: config.wikilinkStyle,
    author: { name: config.authorName, email: config.authorEmail },
    maxAttachmentBytes: MAX_ATTACHMENT_BYTES,
    maxUploadBytes: config.maxUploadBytes,
  };
}

export function lazyWiki(
  { runtime, recorder, plugins }: Environment,
  repository: Lazy<Repository>,
  settings: WikiSettings,
  prefetch: Prefetch,
): Lazy<WholeWiki> {
  return lazy('wiki', recorder, async () => {
    await prefetch.sent();
    const [{ createWiki }, opened] = await Promise.all([import('../wiki/create-wiki.ts'), repository()]);
    const hooks = plugins && (async () => (await plugins()).writeHooks);
    return createWiki({ repository: opened, settings, runtime, hooks });
  });
}
