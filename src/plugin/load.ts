import { isAbsolute, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { RenderHooks } from '../render/renderer.ts';
import type { WriteHooks } from '../wiki/change/hooks.ts';
import { checkPlugin } from './check-plugin.ts';
import { pluginInvalid } from './errors.ts';
import { HookTimes, type HookUse } from './hook-times.ts';
import { type ImportGuard, importGuardOf } from './import-hooks.ts';
import { HOOKS, type HookName, type LoadedPlugin } from './plugin.ts';
import { renderHooksOf } from './render-hooks.ts';
import { writeHooksOf } from './write-hooks.ts';

/** The plugins of this process. */
export interface Plugins {
  /** In the order in which they are asked. */
  readonly list: readonly LoadedPlugin[];
  /** Undefined: no plugin has such hooks. */
  readonly writeHooks: WriteHooks | undefined;
  readonly renderHooks: RenderHooks | undefined;
  readonly importGuard: ImportGuard | undefined;
  readonly times: HookTimes;
  describe(): PluginDescription[];
}

/** A plugin, and what its hooks have come to in this process. */
export interface PluginDescription {
  name: string;
  version: string;
  /** As configured. */
  source: string;
  hooks: HookUse[];
}

export interface LoadOptions {
  /** Files, relative to `folder` or absolute, or names of packages, in the order in which they are asked. */
  sources: readonly string[];
  /** Absolute. Packages are looked for from there. */
  folder: string;
  /** Told of each failure that is contained. */
  onFailure(plugin: string, hook: HookName, error: unknown): void;
}

/**
 * Loads what is listed, and nothing else; one after the other, so that the order of their effects is that of the list.
 * @throws KittiwakeError `plugin_invalid`, which names the plugin
 */
export async function loadPlugins({ sources, folder, onFailure }: LoadOptions): Promise<Plugins> {
  const times = new HookTimes(onFailure);
  const list: LoadedPlugin[] = [];
  for (const source of sources) {
    const plugin = checkPlugin(source, (await load(source, folder)).plugin);
    const same = list.find(each => each.plugin.name === plugin.name);
    if (same) throw pluginInvalid(source, `its name "${plugin.name}" is that of "${same.source}", too`);
    await start(source, plugin, times);
    list.push({ plugin, source });
  }
  const plugins = list.map(({ plugin }) => plugin);
  return {
    list,
    times,
    writeHooks: writeHooksOf(plugins, times),
    renderHooks: renderHooksOf(plugins, times),
    importGuard: importGuardOf(plugins, times),
    describe: () => list.map(each => describe(each, times)),
  };
}

function describe({ plugin, source }: LoadedPlugin, times: HookTimes): PluginDescription {
  const { name, version = '0' } = plugin;
  const hooks = HOOKS.filter(hook => plugin[hook] !== undefined).map(hook => times.of(name, hook));
  return { name, version, source, hooks };
}

async function load(source: string, folder: string): Promise<{ plugin?: unknown }> {
  try {
    return await import(addressOf(source, folder));
  } catch (error) {
    throw pluginInvalid(source, error instanceof Error ? error.message : String(error), error);
  }
}

/** A path begins with a dot or a slash or ends like a script; else it is a package. */
function addressOf(source: string, folder: string): string {
  const isFile = isAbsolute(source) || source.startsWith('.') || /\.[cm]?[jt]s$/.test(source);
  if (isFile) return pathToFileURL(resolve(folder, source)).href;
  const { createRequire } = process.getBuiltinModule('node:module');
  return pathToFileURL(createRequire(`${folder}/`).resolve(source)).href;
}

async function start(source: string, plugin: LoadedPlugin['plugin'], times: HookTimes): Promise<void> {
  if (plugin.start === undefined) return;
  try {
    await times.timed(plugin.name, 'start', () => plugin.start?.());
  } catch (error) {
    throw pluginInvalid(source, `its start failed: ${error instanceof Error ? error.message : error}`, error);
  }
}
