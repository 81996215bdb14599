import type { Metafile } from 'esbuild';

export interface Loaded {
  bytes: number;
  /** Modules with anything left of them in the files, by path below the root, sorted. */
  modules: string[];
}

/** What is loaded with an output of a bundle: its file, and those that it imports statically, and so on. */
export function loadedWith({ outputs }: Metafile, file: string): Loaded {
  const reached = new Set<string>();
  const visit = (path: string) => {
    const output = outputs[path];
    if (output === undefined || reached.has(path)) return;
    reached.add(path);
    for (const { path: next, kind, external } of output.imports) {
      if (kind === 'import-statement' && external !== true) visit(next);
    }
  };
  const start = Object.keys(outputs).find(path => path.endsWith(`/${file}`));
  if (start === undefined) throw new Error(`Reading a bundle fails: there is no "${file}"`);
  visit(start);
  const all = [...reached].map(path => outputs[path]);
  const modules = all.flatMap(output =>
    Object.entries(output?.inputs ?? {}).flatMap(([path, { bytesInOutput }]) =>
      bytesInOutput > 0 && /^(src|node_modules)\//.test(path) ? [path] : [],
    ),
  );
  const bytes = all.reduce((sum, output) => sum + (output?.bytes ?? 0), 0);
  return { bytes, modules: modules.sort() };
}

/** The shortest way of static imports from one module to another, both included; empty when there is none. */
export function chainOf({ inputs }: Metafile, from: string, to: string): string[] {
  const cameFrom = new Map<string, string | undefined>([[from, undefined]]);
  for (const module of cameFrom.keys()) {
    if (module === to) break;
    for (const { path, kind } of inputs[module]?.imports ?? []) {
      if (kind !== 'dynamic-import' && !cameFrom.has(path)) cameFrom.set(path, module);
    }
  }
  if (!cameFrom.has(to)) return [];
  const chain: string[] = [];
  for (let module: string | undefined = to; module !== undefined; module = cameFrom.get(module)) {
    chain.unshift(module);
  }
  return chain;
}
