import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { BUDGETS, overBudget, problemsOf } from '../../infra/functions/budget.ts';
import { builtForTests } from './built.ts';

const built = builtForTests();

test('an import that has no place at init is named with the way that leads to it', () => {
  const budget = { ...BUDGETS.api, banned: /^src\/(core\/store-setting|http\/router)\.ts$/ };
  expect(problemsOf('api', built().api.metafile, budget)).toEqual([
    expect.stringMatching(
      /^api: "src\/core\/store-setting\.ts" is loaded at init, .*: src\/handler\/api\.ts -> src\/handler\/open-service\.ts -> src\/core\/settings\.ts -> src\/core\/store-setting\.ts$/,
    ),
    expect.stringMatching(
      /^api: "src\/http\/router\.ts" .*: src\/handler\/api\.ts -> src\/http\/app\.ts -> src\/http\/router\.ts$/,
    ),
  ]);
});

test('what a banned module brings in is not told of again', () => {
  const budget = { ...BUDGETS.api, banned: /^src\/core\/(config|nearest)\.ts$/ };
  expect(problemsOf('api', built().api.metafile, budget)).toHaveLength(1);
});

test('too many bytes and modules, and too large a file of the hot path, are told with the figures', () => {
  const budget = { ...BUDGETS.api, maxBytes: 1000, maxModules: 5, files: { 'store.mjs': 10, 'no.mjs': 1 } };
  expect(problemsOf('api', built().api.metafile, budget)).toEqual([
    expect.stringMatching(/^api: \d+ bytes are loaded at init, the budget is 1000$/),
    expect.stringMatching(/^api: \d+ modules are loaded at init, the budget is 5$/),
    expect.stringMatching(/^api: "store.mjs" has \d+ bytes, the budget is 10$/),
    'api: there is no "no.mjs", which has a budget',
  ]);
});

test('a database in a file of the hot path is told of', () => {
  const { metafile } = built().api;
  const [path = '', output] =
    Object.entries(metafile.outputs).find(([each]) => each.endsWith('/write.mjs')) ?? [];
  if (output === undefined) throw new Error('there is no "write.mjs"');
  const inputs = { ...output.inputs, 'node_modules/pg/lib/client.js': { bytesInOutput: 10 } };
  const outputs = { ...metafile.outputs, [path]: { ...output, inputs } };
  expect(problemsOf('api', { ...metafile, outputs }, BUDGETS.api)).toEqual([
    'api: "node_modules/pg/lib/client.js" is loaded with "write.mjs", it must be loaded on use',
  ]);
});

test('everything is within its budget', () => {
  expect(overBudget(built())).toEqual([]);
});

describe('the assets', () => {
  test.each(['api', 'project', 'import'] as const)(
    '%s has its addon for both platforms, and no source maps',
    name => {
      const { folder } = built()[name];
      const addon = join(folder, 'node_modules/better-sqlite3');
      expect(readdirSync(join(addon, 'prebuilds')).sort()).toEqual(['linux-arm64.node', 'linux-x64.node']);
      // ELF: 0xb7 is AArch64, 0x3e is x86-64.
      const machine = (platform: string) =>
        readFileSync(join(addon, `prebuilds/${platform}.node`)).readUInt16LE(18);
      expect([machine('linux-arm64'), machine('linux-x64')]).toEqual([0xb7, 0x3e]);
      const files = readdirSync(folder, { recursive: true, encoding: 'utf8' });
      expect(files.filter(file => file.endsWith('.map') || file.endsWith('.ts'))).toEqual([]);
      expect(readFileSync(join(folder, 'index.mjs'), 'utf8')).not.toContain('sourceMappingURL');
      const maps = join(folder, '../../maps', name);
      expect(statSync(join(maps, 'index.mjs.map')).size).toBeGreaterThan(1000);
    },
  );
});
