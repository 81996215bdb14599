import { mkdirSync, readdirSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { join, resolve } from 'node:path';
import { type BuildOptions, build, type Metafile, type Plugin } from 'esbuild';
import { type Group, groupChunks, modulesOf } from './grouped-chunks.ts';

const ROOT = resolve(import.meta.dirname, '../..');
const ENTRY = 'src/handler/api.ts';
const HANDLER = join(ROOT, ENTRY);

/** What comes before the first request to a bucket. The rest is for when the answer is on its way. */
const STORE = ['src/auth/authenticate.ts', 'src/http/routes/page-write.ts', 'src/storage/s3/s3.ts'];
/** The rest of what the first write of a page loads on use. */
const WRITE_PATH = ['src/wiki/create-wiki.ts', 'src/wiki/markup/describe.ts', 'src/git/open.ts'];

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
  const init = { name: 'handler', modules: modulesOf(metafile, [ENTRY]) };
  const store = { name: 'store', modules: modulesOf(metafile, STORE).filter(isOutside(init)) };
  const onWrite = modulesOf(metafile, WRITE_PATH).filter(isOutside(init, store));
  const writing = [init, store, { name: 'write', modules: onWrite }];
  return [
    await bundle(folder, 'empty handler', empty, {}),
    await bundle(folder, 'split', HANDLER, split),
    await bundleGroups(folder, 'split, init in one file', [init]),
    await bundleGroups(folder, 'split, write path in two files', writing),
    await bundle(folder, 'split, builtins imported as they are', HANDLER, { ...split, plugins: [] }),
    await bundle(folder, 'single file', HANDLER, {}),
    await bundle(folder, 'everything imported eagerly', eager, {}),
  ];
}

function isOutside(...groups: readonly Group[]): (module: string) => boolean {
  const inside = new Set(groups.flatMap(({ modules }) => modules));
  return module => !inside.has(module);
}

/** The API function, each group of its modules in one file. */
async function bundleGroups(folder: string, name: string, groups: readonly Group[]): Promise<Bundle> {
  const { sources, plugin } = await groupChunks(ROOT, groups, HANDLER);
  const entryPoints: Record<string, string> = {};
  for (const [group, source] of sources) {
    const file = join(folder, `${name.replaceAll(/\W+/g, '-')}.${group}.ts`);
    writeFileSync(file, source);
    entryPoints[group] = file;
  }
  return await bundle(folder, name, entryPoints, { splitting: true, plugins: [plugin, builtinsOnUse] });
}

/** Bundles a source, or several by name, as a function would be; `options` win over what is usual. */
export async function bundle(
  folder: string,
  name: string,
  source: string | Record<string, string>,
  options: BuildOptions,
): Promise<Bundle> {
  const out = join(folder, name.replaceAll(/\W+/g, '-'));
  mkdirSync(out);
  const entryPoints = typeof source === 'string' ? { handler: source } : source;
  await build({ ...common(), entryPoints, outdir: out, ...options });
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
 * what nobody asked for. Each importer has a copy of the line that does so: one that several share would be a file of its own.
 */
const builtinsOnUse: Plugin = {
  name: 'builtins-on-use',
  setup({ onResolve, onLoad }) {
    const names = new Set([...builtinModules, ...builtinModules.map(name => `node:${name}`)]);
    onResolve({ filter: /^(node:)?[a-z_/0-9]+$/ }, ({ path, importer, kind }) => {
      if (!names.has(path)) return undefined;
      const isRequired = kind === 'require-call';
      return { path, namespace: isRequired ? 'builtin-required' : 'builtin', suffix: `?${importer}` };
    });
    onLoad({ filter: /.*/, namespace: 'builtin-required' }, ({ path }) => ({
      contents: `module.exports = process.getBuiltinModule(${JSON.stringify(path)});`,
      loader: 'js',
    }));
    onLoad({ filter: /.*/, namespace: 'builtin' }, ({ path }) => ({
      contents: facadeOf(path),
      loader: 'js',
    }));
  },
};

/** Those of its exports that nobody imports are dropped, so that their getters are not called. */
function facadeOf(path: string): string {
  const names = Object.keys(process.getBuiltinModule(path) ?? {});
  const lines = names
    .filter(name => /^[A-Za-z_]\w*$/.test(name) && name !== 'default')
    .map(name => `export const ${name} = /* @__PURE__ */ take('${name}');\n`);
  return `const all = process.getBuiltinModule(${JSON.stringify(path)});
const take = name => all[name];
export default all;
${lines.join('')}`;
}
