import { mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { type BuildOptions, build, type Metafile } from 'esbuild';
import { copyAddon } from './addon.ts';
import { commonOptions, describeModules, ROOT } from './bundle.ts';
import { makeSampleBucket } from './code-cache/sample-bucket.ts';
import { makeGroupScripts } from './group-scripts.ts';
import { type Group, groupChunks, modulesOf } from './grouped-chunks.ts';
import { takeKept } from './kept-files.ts';

/** One deployed function: a folder that is its asset as it is. */
export interface BuiltFunction {
  name: FunctionName;
  /** Holds `index.mjs`, which exports `handler`, its chunks, and the addon. */
  folder: string;
  /** Of the written files; paths are relative to the root of the repository. */
  metafile: Metafile;
}

export const FUNCTION_NAMES = ['api', 'project', 'import'] as const;
export type FunctionName = (typeof FUNCTION_NAMES)[number];
export type BuiltFunctions = Readonly<Record<FunctionName, BuiltFunction>>;

/** Of all that is made from the sources. The variable is for tests. */
const DIST = process.env.KITTIWAKE_DIST ?? join(ROOT, 'dist');

/** Where the functions lie unless somebody says otherwise. */
export const DEFAULT_FOLDER = join(DIST, 'functions');

/** What the function itself has compiled, from one deployment to the next: see `code-cache/handler.ts`. */
export const KEPT_FOLDER = join(DIST, 'code-cache');

/** Small, and needed by nearly every first request. */
const WITH_INIT = ['src/auth/authenticate.ts'];
/** What comes before the first request to a bucket. The rest is for when the answer is on its way. */
const STORE = [
  'src/http/routes/page-write.ts',
  'src/storage/s3/s3.ts',
  'src/auth/token/token-checks.ts',
  'src/auth/limit/failed-attempts.ts',
];
/** Found beside the script that starts it. */
const ENGINE_WORKER = 'src/import/engine/engine.worker.ts';
/** The rest of what the first write of a page loads on use. */
const WRITE_PATH = [
  'src/wiki/create-wiki.ts',
  'src/wiki/markup/describe.ts',
  'src/git/open.ts',
  'src/auth/policy/permits.ts',
];

/**
 * Bundles the functions into `outDir`/api, /project and /import, and their source maps into `maps` beside it. What was there is
 * replaced.
 */
export async function buildFunctions(outDir: string = DEFAULT_FOLDER): Promise<BuiltFunctions> {
  const [api, project, importing] = await Promise.all([
    buildApi(outDir),
    buildPlain('project', outDir),
    buildPlain('import', outDir, { 'engine.worker': ENGINE_WORKER }),
  ]);
  return { api, project, import: importing };
}

/**
 * The function that people wait for. What a first write loads is in three files, as each file costs half a millisecond; what is
 * needed before the first request to the bucket is apart from what can be loaded while that is under way.
 */
export async function buildApi(outDir: string): Promise<BuiltFunction> {
  const entry = sourceOf('api');
  const metafile = await describeModules(entry);
  const init = { name: 'index', modules: modulesOf(metafile, [entry, ...WITH_INIT]) };
  const store = { name: 'store', modules: modulesOf(metafile, STORE).filter(isOutside(init)) };
  const write = { name: 'write', modules: modulesOf(metafile, WRITE_PATH).filter(isOutside(init, store)) };
  const groups = [init, store, write];
  const { sources, plugin } = await groupChunks(ROOT, groups, join(ROOT, entry));
  const folder = emptied(outDir, 'api');
  const staged = join(folder, 'staged');
  mkdirSync(staged);
  const entryPoints: Record<string, string> = {};
  for (const [name, source] of sources) {
    const file = join(staged, `${name}.ts`);
    writeFileSync(file, source);
    entryPoints[name] = file;
  }
  entryPoints['code-cache'] = 'infra/functions/code-cache/handler.ts';
  const { plugins } = commonOptions();
  // What puts texts into the bundle comes first: of two that load a module, the first does.
  const built = await writeBundle('api', folder, { entryPoints, plugins: [...plugins, plugin] });
  rmSync(staged, { recursive: true });
  const scripts = groups.map(({ name }) => ({ name, exports: exportsOf(built.metafile, name) }));
  makeGroupScripts(folder, scripts);
  writeFileSync(join(folder, 'code-cache.json'), JSON.stringify(await makeSampleBucket()));
  takeKept(KEPT_FOLDER, folder);
  return built;
}

/** @param threads scripts of threads, by name */
async function buildPlain(
  name: FunctionName,
  outDir: string,
  threads: Readonly<Record<string, string>> = {},
): Promise<BuiltFunction> {
  const entryPoints = { index: sourceOf(name), ...threads };
  return await writeBundle(name, emptied(outDir, name), { entryPoints });
}

async function writeBundle(
  name: FunctionName,
  folder: string,
  options: BuildOptions,
): Promise<BuiltFunction> {
  const { metafile } = await build({
    ...commonOptions(),
    ...options,
    outdir: folder,
    splitting: true,
    metafile: true,
    // Apart: Node is not to read them at the start of a function.
    sourcemap: 'external',
  });
  moveMaps(folder, join(folder, '../../maps', name));
  copyAddon(folder);
  return { name, folder, metafile };
}

function sourceOf(name: FunctionName): string {
  return `src/handler/${name}.ts`;
}

function emptied(outDir: string, name: FunctionName): string {
  const folder = resolve(outDir, name);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  return folder;
}

function moveMaps(from: string, to: string): void {
  rmSync(to, { recursive: true, force: true });
  mkdirSync(to, { recursive: true });
  for (const file of readdirSync(from).filter(each => each.endsWith('.map'))) {
    renameSync(join(from, file), join(to, file));
  }
}

function isOutside(...groups: readonly Group[]): (module: string) => boolean {
  const inside = new Set(groups.flatMap(({ modules }) => modules));
  return module => !inside.has(module);
}

function exportsOf({ outputs }: Metafile, name: string): string[] {
  const [, output] = Object.entries(outputs).find(([path]) => path.endsWith(`/${name}.mjs`)) ?? [];
  if (output === undefined) throw new Error(`Bundling fails: there is no "${name}.mjs"`);
  return output.exports;
}
