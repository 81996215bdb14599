import { join, resolve } from 'node:path';
import { type BuildOptions, build, type Metafile } from 'esbuild';
import { builtinsOnUse } from './builtins-on-use.ts';
import { textsInBundle } from './texts-in-bundle.ts';
import { withoutValidator } from './without-validator.ts';
import { workersInBundle } from './workers-in-bundle.ts';

export const ROOT = resolve(import.meta.dirname, '../..');

/** What every bundle of ours has in common: ES modules for the Node that Lambda runs, minified. */
export function commonOptions() {
  return {
    bundle: true,
    platform: 'node',
    target: 'node24',
    format: 'esm',
    // Without it packages are taken as CommonJS, which drops nothing of them.
    mainFields: ['module', 'main'],
    outExtension: { '.js': '.mjs' },
    minify: true,
    legalComments: 'none',
    logLevel: 'error',
    absWorkingDir: ROOT,
    // Holds an addon, which finds itself by its place in node_modules.
    external: ['better-sqlite3'],
    plugins: [textsInBundle, workersInBundle, withoutValidator, builtinsOnUse],
  } satisfies BuildOptions;
}

/** What esbuild tells of a function: the modules that it can reach, at init or later, and their chunks. Writes nothing. */
export async function describeModules(entry: string): Promise<Metafile> {
  const { metafile } = await build({
    ...commonOptions(),
    entryPoints: [entry],
    outdir: 'unwritten',
    splitting: true,
    metafile: true,
    write: false,
  });
  return metafile;
}

/** Bundles one script into `outDir`/`name`.mjs, and returns its path. `options` win over what is usual. */
export async function bundleScript(
  outDir: string,
  name: string,
  source: string,
  options: BuildOptions = {},
): Promise<string> {
  await build({ ...commonOptions(), entryPoints: { [name]: source }, outdir: outDir, ...options });
  return join(outDir, `${name}.mjs`);
}
