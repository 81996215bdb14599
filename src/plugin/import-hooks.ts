import { isKittiwakeError } from '../core/errors.ts';
import { pluginFailed, pluginLate, pluginRefused } from './errors.ts';
import type { HookTimes } from './hook-times.ts';
import { IMPORT_HOOK_TIMEOUT_MS, type ImportedSource, type Plugin } from './plugin.ts';

/** Asks all plugins that scan what is imported. @throws KittiwakeError `plugin_refused`, `plugin_failed`, `plugin_late` */
export type ImportGuard = (source: ImportedSource) => Promise<void>;

/** Undefined: no plugin has such a hook. */
export function importGuardOf(plugins: readonly Plugin[], times: HookTimes): ImportGuard | undefined {
  const asked = plugins.filter(({ beforeImport }) => beforeImport !== undefined);
  if (asked.length === 0) return undefined;
  return async source => {
    for (const plugin of asked) await ask(plugin, source, times);
  };
}

async function ask(plugin: Plugin, source: ImportedSource, times: HookTimes): Promise<void> {
  const refuse = (reason: string): never => {
    throw pluginRefused(plugin.name, reason);
  };
  const [late, timer] = lateness(plugin);
  try {
    await times.timed(plugin.name, 'beforeImport', () =>
      Promise.race([(async () => plugin.beforeImport?.(Object.freeze({ ...source }), { refuse }))(), late]),
    );
  } catch (error) {
    if (isKittiwakeError(error, 'plugin_refused')) throw error;
    times.failed(plugin.name, 'beforeImport', error);
    if (isKittiwakeError(error, 'plugin_late')) throw error;
    throw pluginFailed(plugin.name, 'beforeImport', error);
  } finally {
    clearTimeout(timer);
  }
}

function lateness({ name }: Plugin): [Promise<never>, NodeJS.Timeout] {
  const { promise, reject } = Promise.withResolvers<never>();
  const error = pluginLate(name, 'beforeImport', IMPORT_HOOK_TIMEOUT_MS);
  return [promise, setTimeout(() => reject(error), IMPORT_HOOK_TIMEOUT_MS)];
}
