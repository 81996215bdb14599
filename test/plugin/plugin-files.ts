import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { loadPlugins, type Plugins } from '../../src/plugin/load.ts';
import type { HookName } from '../../src/plugin/plugin.ts';

export interface PluginFolder {
  folder: string;
  /** What was contained, as `plugin hook message`. */
  failures: string[];
  /** Writes modules, and loads them in this order. */
  load(files: Readonly<Record<string, string>>): Promise<Plugins>;
}

/** A temporary folder for plugins. */
export function pluginFolder(): PluginFolder {
  const folder = mkdtempSync(join(tmpdir(), 'kittiwake-plugins-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const failures: string[] = [];
  const onFailure = (plugin: string, hook: HookName, error: unknown) =>
    void failures.push(`${plugin} ${hook} ${(error as Error).message}`);
  return {
    folder,
    failures,
    load(files) {
      for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
      return loadPlugins({ sources: Object.keys(files), folder, onFailure });
    },
  };
}
