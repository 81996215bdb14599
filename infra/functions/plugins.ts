import { existsSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { pluginAbsent } from '../errors.ts';
import { bundleScript, ROOT } from './bundle.ts';

/** The functions that ask plugins: the API before writes and when it renders, the others after commits and before imports. */
const ASKING = ['api', 'project', 'import'];

/**
 * Bundles plugins, each with what it imports, into `plugins` of the functions below `outDir`, where {@link pluginFiles} names them.
 * @throws KittiwakeError `plugin_absent`
 */
export async function addPlugins(outDir: string, sources: readonly string[]): Promise<void> {
  const absent = sources.find(source => !existsSync(resolve(ROOT, source)));
  if (absent !== undefined) throw pluginAbsent(absent);
  for (const [index, source] of sources.entries()) {
    const name = nameOf(source, index);
    for (const each of ASKING) await bundleScript(join(outDir, each, 'plugins'), name, resolve(ROOT, source));
  }
}

/** Where a function finds its plugins, from its own folder. */
export function pluginFiles(sources: readonly string[]): string[] {
  return sources.map((source, index) => `./plugins/${nameOf(source, index)}.mjs`);
}

/** Two may have files of one name. */
function nameOf(source: string, index: number): string {
  return `${index}-${basename(source).replace(/\.[cm]?[jt]s$/, '')}`;
}
