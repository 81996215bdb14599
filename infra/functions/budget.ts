import type { Metafile } from 'esbuild';
import type { BuiltFunctions, FunctionName } from './build.ts';
import { chainOf, loadedWith } from './loaded-with.ts';

/** What may be loaded before a function asks for its first event. */
export interface Budget {
  maxBytes: number;
  maxModules: number;
  /** Modules that have no place there, by path below the root. */
  banned: RegExp;
  /** Files of the hot path, and how many bytes of them a request may load. A write with a key or a token loads no others. */
  files: Readonly<Record<string, number>>;
}

/** Databases, packages, and what follows from commits: in no file of the hot path. */
const COLD = /^(node_modules|src\/(db|render|mail|plugin|projection))\//;

/** Folders of ours that no function needs before its first event, and all packages. */
const HEAVY = [
  'wiki',
  'git',
  'swap',
  'storage',
  'db',
  'projection',
  'import',
  'render',
  'mail',
  'plugin',
  'cli',
];

const allBut = (own?: string) =>
  new RegExp(`^(node_modules|src/(${HEAVY.filter(name => name !== own).join('|')}))/`);

/** Raised only with a measurement of what it costs at the start, and a word in the commit about what it buys. */
export const BUDGETS: Readonly<Record<FunctionName, Budget>> = {
  api: {
    maxBytes: 60_000,
    maxModules: 60,
    banned: allBut(),
    files: { 'store.mjs': 38_000, 'write.mjs': 165_000 },
  },
  project: { maxBytes: 60_000, maxModules: 60, banned: allBut('projection'), files: {} },
  import: { maxBytes: 60_000, maxModules: 60, banned: allBut('import'), files: {} },
};

/** What is over budget, a line each, with the import that brought it; none when everything is within. */
export function overBudget(built: BuiltFunctions): string[] {
  return Object.values(built).flatMap(({ name, metafile }) => problemsOf(name, metafile, BUDGETS[name]));
}

/** The same for one function, whose entry is `src/handler/<name>.ts`. */
export function problemsOf(name: string, metafile: Metafile, budget: Budget): string[] {
  const { bytes, modules } = loadedWith(metafile, 'index.mjs');
  const problems = modules.flatMap(module => {
    if (!budget.banned.test(module)) return [];
    const chain = chainOf(metafile, `src/handler/${name}.ts`, module);
    // What another one brings in goes when that does.
    if (chain.slice(0, -1).some(each => budget.banned.test(each))) return [];
    return [`${name}: "${module}" is loaded at init, it must be loaded on use: ${chain.join(' -> ')}`];
  });
  if (bytes > budget.maxBytes) {
    problems.push(`${name}: ${bytes} bytes are loaded at init, the budget is ${budget.maxBytes}`);
  }
  if (modules.length > budget.maxModules) {
    problems.push(
      `${name}: ${modules.length} modules are loaded at init, the budget is ${budget.maxModules}`,
    );
  }
  for (const [file, maxBytes] of Object.entries(budget.files)) {
    const [, output] = Object.entries(metafile.outputs).find(([path]) => path.endsWith(`/${file}`)) ?? [];
    if (output === undefined) problems.push(`${name}: there is no "${file}", which has a budget`);
    else if (output.bytes > maxBytes)
      problems.push(`${name}: "${file}" has ${output.bytes} bytes, the budget is ${maxBytes}`);
    const modules = output === undefined ? [] : loadedWith(metafile, file).modules;
    for (const module of modules.filter(each => COLD.test(each)))
      problems.push(`${name}: "${module}" is loaded with "${file}", it must be loaded on use`);
  }
  return problems;
}
