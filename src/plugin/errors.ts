import { KittiwakeError } from '../core/errors.ts';

/** The configuration names something that is no plugin. */
export function pluginInvalid(source: string, problem: string, cause?: unknown): KittiwakeError {
  return new KittiwakeError('plugin_invalid', `Loading the plugin "${source}": ${problem}`, {
    data: { source },
    cause,
  });
}

/** It was asked and has decided. */
export function pluginRefused(plugin: string, reason: string): KittiwakeError {
  return new KittiwakeError('plugin_refused', `Refused by the plugin "${plugin}": ${reason}`, {
    data: { plugin },
  });
}

/** A guard that cannot decide lets nothing pass. What it threw is for the log. */
export function pluginFailed(plugin: string, hook: string, cause: unknown): KittiwakeError {
  return new KittiwakeError(
    'plugin_failed',
    `The plugin "${plugin}" failed in "${hook}": nothing was written`,
    { data: { plugin, hook }, cause },
  );
}

export function pluginLate(plugin: string, hook: string, limitMs: number): KittiwakeError {
  return new KittiwakeError(
    'plugin_late',
    `The plugin "${plugin}" has not answered "${hook}" within ${limitMs} ms: nothing was written`,
    { data: { plugin, hook, limitMs } },
  );
}
