import { mkdirSync, readdirSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { join, resolve } from 'node:path';
import { type BuildOptions, build, type Metafile, type Plugin } from 'esbuild';
import { initChunk, modulesOfInit } from './init-chunk.ts';

const ROOT = resolve(import.meta.dirname, '../..');
const HANDLER = join(ROOT, 'src/handler/api.ts');

/** A function as it could be deployed. */
export interface Bundle {
  name: string;
  /** The file that holds `handler`. */
  entry: string;
  /** All its files. */
  bytes: number;
  files: number;
}

/** The script that starts a function, without the types that Node would have to strip first. */
export async function makeStarter(folder: string): Promise<string> {
  const source = join(import.meta.dirname, 'start.child.ts');
  const { entry } = await bundle(folder, 'starter', source, { plugins: [] });
  return entry;
}

/** The API function bundled in several ways, and one that does nothing. */
export async function makeBundles(folder: string): Promise<Bundle[]> {
  symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
  const metafile = await describeHandler();
  const reached = Object.keys(metafile.inputs).filter(file => file.startsWith('src/'));
  const eager = join(folder, 'eager.ts');
  const imports = reached.map(file => `import ${JSON.stringify(join(ROOT, file))};\n`);
  writeFileSync(eager, `${imports.join('')}export { handler } from ${JSON.stringify(HANDLER)};\n`);
  const empty = join(folder, 'empty-handler.ts');
  writeFileSync(empty, 'export const handler = async () => ({ statusCode: 201 });\n');
  const split = { splitting: true };
  const init = modulesOfInit(metafile, 'unwritten/api.mjs');
  const together = await initChunk(ROOT, init, HANDLER);
  const initEntry = join(folder, 'init.ts');
  writeFileSync(initEntry, together.source);
  const plugins = [together.plugin, builtinsOnUse];
  return [
    await bundle(folder, 'empty handler', empty, {}),
    await bundle(folder, 'split', HANDLER, split),
    await bundle(folder, 'split, init in one file', initEntry, { ...split, plugins }),
    await bundle(folder, 'split, builtins imported as they are', HANDLER, { ...split, plugins: [] }),
    await bundle(folder, 'single file', HANDLER, {}),
    await bundle(folder, 'everything imported eagerly', eager, {}),
  ];
}

/** Bundles one entry point as a function would be; `options` win over what is usual. */
export async function bundle(
  folder: string,
  name: string,
  source: string,
  options: BuildOptions,
): Promise<Bundle> {
  const out = join(folder, name.replaceAll(/\W+/g, '-'));
  mkdirSync(out);
  await build({ ...common(), entryPoints: { handler: source }, outdir: out, ...options });
  const files = readdirSync(out);
  const bytes = files.reduce((sum, file) => sum + statSync(join(out, file)).size, 0);
  return { name, entry: join(out, 'handler.mjs'), bytes, files: files.length };
}

function common() {
  return {
    bundle: true,
    platform: 'node',
    target: 'node24',
    format: 'esm',
    outExtension: { '.js': '.mjs' },
    minify: true,
    logLevel: 'error',
    absWorkingDir: ROOT,
    // Holds an addon, which finds itself by its place in node_modules.
    external: ['better-sqlite3'],
    plugins: [builtinsOnUse],
  } satisfies BuildOptions;
}

/** What esbuild tells of the function: the modules that it can reach, at init or later, and their chunks. */
async function describeHandler(): Promise<Metafile> {
  const { metafile } = await build({
    ...common(),
    entryPoints: [HANDLER],
    outdir: 'unwritten',
    splitting: true,
    metafile: true,
    write: false,
  });
  return metafile;
}

/**
 * Takes Node's own modules by `process.getBuiltinModule`: the ES module facades of some read lazy getters, and so load
 * what nobody asked for.
 */
const builtinsOnUse: Plugin = {
  name: 'builtins-on-use',
  setup({ onResolve, onLoad }) {
    const names = new Set([...builtinModules, ...builtinModules.map(name => `node:${name}`)]);
    onResolve({ filter: /^(node:)?[a-z_/0-9]+$/ }, ({ path }) =>
      names.has(path) ? { path, namespace: 'builtin' } : undefined,
    );
    onLoad({ filter: /.*/, namespace: 'builtin' }, ({ path }) => ({
      contents: `module.exports = process.getBuiltinModule(${JSON.stringify(path)});`,
      loader: 'js',
    }));
  },
};
