import type { LedgerRepository } from '../git/open.ts';
import type { ByteStore } from '../storage/byte-store.ts';
import type { WikiSettings } from '../wiki/settings.ts';
import type { Environment } from './environment.ts';
import { type Lazy, lazy } from './lazy.ts';

export function lazyRepository(
  { config, runtime, log, recorder, committed }: Environment,
  store: Lazy<ByteStore>,
  wikiId: Lazy<string>,
  settings: WikiSettings,
): Lazy<LedgerRepository> {
  return lazy('repository', recorder, async () => {
    const [{ openRepository }, { createDescribe }, opened, uuid] = await Promise.all([
      import('../git/open.ts'),
      import('../wiki/markup/describe.ts'),
      store(),
      wikiId(),
    ]);
    return openRepository({
      store: opened,
      uuid,
      runtime,
      describe: createDescribe(settings),
      local: config.store.kind === 'file',
      onCommit: committed,
      onFlushError: error => log.failure('flush_failed', error),
    });
  });
}
