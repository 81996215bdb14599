import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Metafile, Plugin } from 'esbuild';

/** Modules that are to be in one file. */
export interface Group {
  /** Name of the file, without `.mjs`. */
  name: string;
  /** Paths below the root. */
  modules: readonly string[];
}

/** What esbuild is to be given. */
export interface GroupedChunks {
  /** The source of each group's entry point, by its name. */
  sources: Map<string, string>;
  plugin: Plugin;
}

interface Member {
  file: string;
  /** Its exports, and what the file calls them. */
  names: readonly { name: string; shared: string }[];
}

/**
 * Keeps the modules of each group in the one file of the group's entry point. By itself esbuild gives each set of modules that
 * several `import()` reach a chunk of its own, and each file costs half a millisecond to load. Others take what they share
 * with a group from its file, which exports it.
 * @param entry the module of the first group whose exports the function is called by, a path
 */
export async function groupChunks(
  root: string,
  groups: readonly Group[],
  entry: string,
): Promise<GroupedChunks> {
  const members = new Map<string, Member>();
  const sources = new Map<string, string>();
  for (const [index, { name, modules }] of groups.entries()) {
    const lines: string[] = [];
    let count = 0;
    for (const module of modules) {
      const path = join(root, module);
      // Short, as they are not shortened: they are what the file exports.
      const names = Object.keys(await import(path)).map(each => ({ name: each, shared: `$${count++}` }));
      members.set(path, { file: `./${name}.mjs`, names });
      lines.push(`export { ${renamed(names)} } from ${JSON.stringify(path)};\n`);
    }
    if (index === 0) lines.push(`export * from ${JSON.stringify(entry)};\n`);
    sources.set(name, lines.join(''));
  }
  return { sources, plugin: grouping(members) };
}

function renamed(names: Member['names']): string {
  return names.map(({ name, shared }) => `${name} as ${shared}`).join(', ');
}

function grouping(members: ReadonlyMap<string, Member>): Plugin {
  const files = new Set([...members.values()].map(({ file }) => file));
  return {
    name: 'grouped-chunks',
    setup({ onResolve, onLoad }) {
      onResolve({ filter: /^\.{1,2}\// }, ({ path, importer, resolveDir }) => {
        if (files.has(path)) return { path, external: true };
        const target = join(resolveDir, path);
        const found = members.get(target);
        if (found === undefined || members.get(importer)?.file === found.file) return undefined;
        // Of its own for each importer: one that several share would be another file.
        return { path: target, namespace: 'group', suffix: `?${importer}` };
      });
      onLoad({ filter: /.*/, namespace: 'group' }, ({ path }) => {
        const { file = '', names = [] } = members.get(path) ?? {};
        const list = names.map(({ name, shared }) => `${shared} as ${name}`).join(', ');
        return { contents: `export { ${list} } from ${JSON.stringify(file)};`, loader: 'js' };
      });
      // Left alone, each `import()` of such a module would have a small file of its own.
      onLoad({ filter: /\/src\/.*\.ts$/ }, ({ path }) => ({
        contents: readFileSync(path, 'utf8').replaceAll(
          /\bimport\(\s*'(\.[^']+)',?\s*\)/g,
          (whole, to: string) => {
            const found = members.get(join(dirname(path), to));
            return found === undefined ? whole : importOf(found);
          },
        ),
        loader: 'ts',
      }));
    },
  };
}

function importOf({ file, names }: Member): string {
  const list = names.map(({ name, shared }) => `${name}: all.${shared}`).join(', ');
  return `import(${JSON.stringify(file)}).then(all => ({ ${list} }))`;
}

/**
 * The modules that entry points, or modules that `import()` reaches, load by themselves: those of their outputs and of the
 * chunks that these import.
 * @throws Error when one of them has no output of its own
 */
export function modulesOf({ outputs }: Metafile, entries: readonly string[]): string[] {
  const reached = new Set<string>();
  const visit = (path: string) => {
    const found = outputs[path];
    if (found === undefined || reached.has(path)) return;
    reached.add(path);
    for (const { path: next, kind, external } of found.imports)
      if (kind === 'import-statement' && external !== true) visit(next);
  };
  for (const entry of entries) {
    const [output] = Object.entries(outputs).find(([, { entryPoint }]) => entryPoint === entry) ?? [];
    if (output === undefined) throw new Error(`Grouping modules fails: nothing imports "${entry}" on use`);
    visit(output);
  }
  const modules = [...reached].flatMap(path => Object.keys(outputs[path]?.inputs ?? {}));
  return modules.filter(path => path.startsWith('src/'));
}
