import { readFileSync } from 'node:fs';
import { extname } from 'node:path';
import { build, type Loader, type Metafile, type Plugin } from 'esbuild';
import { copyAddon } from '../../infra/functions/addon.ts';
import { commonOptions, describeModules, ROOT } from '../../infra/functions/bundle.ts';

const ENTRY = 'src/handler/api.ts';

/**
 * Bundles the API function as if all its imports were static: one file with every module that it can reach, libraries included, by
 * esbuild without plugins of ours, so that Node's own modules are imported as they stand in the source.
 * @throws Error when something could still be loaded later, or is missing
 */
export async function bundleEagerly(outDir: string): Promise<void> {
  const { metafile } = await build({
    ...commonOptions(),
    entryPoints: { index: ENTRY },
    outdir: outDir,
    plugins: [importedStatically],
    banner: {
      js: "import{createRequire as $create}from'node:module';const require=$create(import.meta.url);",
    },
    metafile: true,
  });
  copyAddon(outDir);
  for (const [path, { imports }] of Object.entries(metafile.inputs)) {
    const later = imports.find(({ kind }) => kind === 'dynamic-import');
    if (later !== undefined)
      throw new Error(`Bundling eagerly fails: "${path}" imports "${later.path}" later`);
  }
  const reached = bundledIn(await describeModules(ENTRY));
  const missing = [...reached].find(path => !(path in metafile.inputs));
  if (missing !== undefined) throw new Error(`Bundling eagerly fails: "${missing}" is left out`);
}

/** The modules of which something got into an output, those of Node's own that a plugin stands for aside. */
function bundledIn({ outputs }: Metafile): Set<string> {
  const used = Object.values(outputs).flatMap(({ inputs }) => Object.entries(inputs));
  return new Set(used.filter(([path]) => !path.startsWith('builtin')).map(([path]) => path));
}

/** Makes each `import()` of a text a static import of everything that the module exports. */
const importedStatically: Plugin = {
  name: 'imported-statically',
  setup({ onLoad }) {
    onLoad({ filter: new RegExp(`^${ROOT}/.*\\.(ts|js|mjs)$`) }, ({ path }) => {
      const added: string[] = [];
      const source = readFileSync(path, 'utf8');
      const contents = source.replaceAll(
        /(?<!typeof |[\w.])import\(\s*('[^']+'|"[^"]+"),?\s*\)/g,
        (_, to: string) => {
          const name = `$static${added.length}`;
          added.push(`import * as ${name} from ${to};\n`);
          return `Promise.resolve(${name})`;
        },
      );
      const loader: Loader = extname(path) === '.ts' ? 'ts' : 'js';
      return added.length === 0 ? undefined : { contents: `${contents}\n${added.join('')}`, loader };
    });
  },
};
