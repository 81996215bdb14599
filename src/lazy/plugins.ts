import type { Config } from '../core/config.ts';
import type { Logger } from '../core/log.ts';
import type { Plugins } from '../plugin/load.ts';
import { type Lazy, type LazyRecorder, lazy } from './lazy.ts';

/** Undefined: none is configured. */
export function lazyPlugins(
  { plugins: sources }: Config,
  log: Logger,
  recorder: LazyRecorder,
): Lazy<Plugins> | undefined {
  if (sources.length === 0) return undefined;
  return lazy('plugins', recorder, async () => {
    const { loadPlugins } = await import('../plugin/load.ts');
    return await loadPlugins({
      sources,
      folder: process.cwd(),
      onFailure: (plugin, hook, error) => log.failure('plugin_failed', error, { plugin, hook }),
    });
  });
}
