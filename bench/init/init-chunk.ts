import { join } from 'node:path';
import type { Metafile, Plugin } from 'esbuild';

/** File that the modules of init share, beside the chunks. */
const FILE = './handler.mjs';

/**
 * Keeps everything that init loads in the one file of the entry point. By itself esbuild gives each set of modules that
 * several `import()` reach a chunk of its own, and each file costs half a millisecond to load. Chunks take what they share
 * with init from the entry, which exports it.
 */
export interface InitChunk {
  /** The entry point's source. */
  source: string;
  plugin: Plugin;
}

/** @param files paths of the modules of init, below `root`; @param entry the one that exports `handler` */
export async function initChunk(root: string, files: readonly string[], entry: string): Promise<InitChunk> {
  const all = await Promise.all(
    files.map(async (file, index) => {
      const path = join(root, file);
      const names = Object.keys(await import(path));
      return { path, names: names.map(name => ({ name, shared: `i${index}_${name}` })) };
    }),
  );
  const lines = all.map(({ path, names }) => {
    const list = names.map(({ name, shared }) => `${name} as ${shared}`);
    return `export { ${list.join(', ')} } from ${JSON.stringify(path)};\n`;
  });
  const byPath = new Map(all.map(({ path, names }) => [path, names]));
  const source = `${lines.join('')}export { handler } from ${JSON.stringify(entry)};\n`;
  return { source, plugin: sharing(byPath) };
}

function sharing(init: ReadonlyMap<string, readonly { name: string; shared: string }[]>): Plugin {
  return {
    name: 'init-chunk',
    setup({ onResolve, onLoad }) {
      onResolve({ filter: /^\.{1,2}\// }, ({ path, importer, resolveDir, kind, namespace }) => {
        if (namespace === 'init') return { path: FILE, external: true };
        const target = join(resolveDir, path);
        const inside = init.has(importer) && kind === 'import-statement';
        return init.has(target) && !inside ? { path: target, namespace: 'init' } : undefined;
      });
      onLoad({ filter: /.*/, namespace: 'init' }, ({ path }) => {
        const list = (init.get(path) ?? []).map(({ name, shared }) => `${shared} as ${name}`);
        return { contents: `export { ${list.join(', ')} } from ${JSON.stringify(FILE)};`, loader: 'js' };
      });
    },
  };
}

/** The modules that an entry point loads by itself: those of its output and of the chunks that it imports. */
export function modulesOfInit({ outputs }: Metafile, output: string): string[] {
  const reached = new Set<string>();
  const visit = (path: string) => {
    const found = outputs[path];
    if (found === undefined || reached.has(path)) return;
    reached.add(path);
    for (const { path: next, kind, external } of found.imports)
      if (kind === 'import-statement' && external !== true) visit(next);
  };
  visit(output);
  const modules = [...reached].flatMap(path => Object.keys(outputs[path]?.inputs ?? {}));
  return modules.filter(path => path.startsWith('src/'));
}
