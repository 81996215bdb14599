import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { addPlugins, pluginFiles } from '../../infra/functions/plugins.ts';
import { resolver } from '../support/cloudformation.ts';
import { synthesise } from './synth.ts';

const EXAMPLE = 'examples/plugins/house-rules.ts';

function variables(name: string, plugins: string): Record<string, unknown> {
  const { one, template } = synthesise({ plugins });
  const { Environment } = one('AWS::Lambda::Function', `Functions${name}`);
  return resolver(template)((Environment as { Variables: unknown }).Variables) as Record<string, unknown>;
}

test('plugins are bundled into the functions that ask them, and named there', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'kittiwake-plugins-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  await addPlugins(folder, [EXAMPLE, EXAMPLE]);
  const files = ['0-house-rules.mjs', '1-house-rules.mjs'];
  for (const name of ['api', 'project', 'import'])
    expect(readdirSync(join(folder, name, 'plugins'))).toEqual(files);
  expect(pluginFiles([EXAMPLE, EXAMPLE])).toEqual(files.map(file => `./plugins/${file}`));
  const { plugin } = await import(join(folder, 'api', 'plugins', '0-house-rules.mjs'));
  expect(plugin.name).toBe('house-rules');
});

test('the functions that ask get the variable, where there are any', () => {
  for (const name of ['Api', 'Project', 'Import']) {
    expect(variables(name, EXAMPLE).KITTIWAKE_PLUGINS).toBe('./plugins/0-house-rules.mjs');
    expect(variables(name, '')).not.toHaveProperty('KITTIWAKE_PLUGINS');
  }
});

test('a plugin that is not there is refused by its name, and nothing is bundled', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'kittiwake-plugins-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  await expect(addPlugins(folder, [EXAMPLE, './absent.ts'])).rejects.toMatchObject({ code: 'plugin_absent' });
  expect(existsSync(join(folder, 'api'))).toBe(false);
  expect(() => synthesise({ plugins: 'house-rules' })).toThrow('paths of scripts');
});
