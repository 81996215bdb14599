import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { overBudget } from './budget.ts';
import { type BuiltFunction, buildFunctions } from './build.ts';
import { loadTimes } from './load-times.ts';
import { loadedWith } from './loaded-with.ts';

/**
 * Bundles the functions into dist/functions, lists what each loads at init and on use, and holds them against their budget.
 * `--check` says less, `--times` also how long each file takes to load.
 */
const built = await buildFunctions();
for (const each of Object.values(built)) describe(each);
const problems = overBudget(built);
for (const problem of problems) console.error(problem);
if (problems.length > 0) process.exitCode = 1;

function describe({ name, folder, metafile }: BuiltFunction): void {
  const { bytes, modules } = loadedWith(metafile, 'index.mjs');
  const total = sizeOf(folder);
  console.log(
    `${name}: ${kB(bytes)} kB of ${modules.length} modules at init; the asset has ${kB(total)} kB, addons included`,
  );
  if (process.argv.includes('--check')) return;
  const onUse = Object.entries(metafile.outputs)
    .filter(([path, { entryPoint }]) => entryPoint !== undefined && !path.endsWith('/index.mjs'))
    .map(([path, output]) => {
      const file = path.slice(path.lastIndexOf('/') + 1);
      return { file, own: output.bytes, all: loadedWith(metafile, file).bytes };
    });
  const isTimed = process.argv.includes('--times');
  const times = isTimed
    ? loadTimes(
        folder,
        onUse.map(({ file }) => file),
      )
    : undefined;
  for (const { file, own, all } of onUse.toSorted((a, b) => b.own - a.own)) {
    const time = times && `${times.get(file)?.toFixed(1).padStart(6)} ms`;
    console.log(`  ${kB(own).padStart(7)} kB${time ?? ''}  ${file} (with what it imports: ${kB(all)} kB)`);
  }
}

function sizeOf(folder: string): number {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter(each => each.isFile());
  return files.reduce((sum, file) => sum + statSync(join(file.parentPath, file.name)).size, 0);
}

function kB(bytes: number): string {
  return (bytes / 1000).toFixed(1);
}
