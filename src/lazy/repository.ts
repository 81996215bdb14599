import type { LedgerRepository } from '../git/open.ts';
import type { ByteStore } from '../storage/byte-store.ts';
import type { WikiSettings } from '../wiki/settings.ts';
import type { Environment } from './environment.ts';
import { type Lazy, lazy } from './lazy.ts';
import type { Prefetch } from './prefetch.ts';
import { identify, identifyAgain } from './wiki-id.ts';

export function lazyRepository(
  { config, known, blockCacheBytes, runtime, log, recorder, storage, committed }: Environment,
  store: Lazy<ByteStore>,
  wikiId: Lazy<string>,
  settings: WikiSettings,
  prefetch: Prefetch,
): Lazy<LedgerRepository> {
  return lazy('repository', recorder, async () => {
    await prefetch.sent();
    const [{ openRepository }, { createDescribe }, { isPageFile }, opened, uuid] = await Promise.all([
      import('../git/open.ts'),
      import('../wiki/markup/describe.ts'),
      import('../wiki/name/page-path.ts'),
      store(),
      wikiId(),
    ]);
    return openRepository({
      store: opened,
      uuid,
      runtime,
      describe: createDescribe(settings),
      isPage: isPageFile,
      local: config.store.kind === 'file',
      early: prefetch.take(),
      causes: storage,
      identify: () => (known ? identifyAgain : identify)(opened, config.wiki),
      ...(blockCacheBytes === undefined ? {} : { blockCacheBytes }),
      onCommit: committed,
      onFlushError: error => log.failure('flush_failed', error, { request: storage.requestId() }),
    });
  });
}
