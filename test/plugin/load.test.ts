import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { loadPlugins } from '../../src/plugin/load.ts';
import { pluginFolder } from './plugin-files.ts';

const exporting = (text: string) => `export const plugin = ${text};`;

describe('loading plugins', () => {
  test('takes them in the order of the list, in TypeScript and JavaScript', async () => {
    const { load } = pluginFolder();
    const { list } = await load({
      'b.ts': `export const plugin: { name: string } = { name: 'b' };`,
      'a.mjs': exporting(`{ name: 'a', version: '2' }`),
    });
    expect(list.map(({ plugin, source }) => [plugin.name, source])).toEqual([
      ['b', 'b.ts'],
      ['a', 'a.mjs'],
    ]);
  });

  test('finds a package from the folder', async () => {
    const { folder } = pluginFolder();
    const home = join(folder, 'node_modules', 'kittiwake-x');
    mkdirSync(home, { recursive: true });
    writeFileSync(join(home, 'package.json'), JSON.stringify({ name: 'kittiwake-x', main: 'x.js' }));
    writeFileSync(join(home, 'x.js'), `exports.plugin = { name: 'x' };`);
    const { list } = await loadPlugins({ sources: ['kittiwake-x'], folder, onFailure: () => undefined });
    expect(list[0]?.plugin.name).toBe('x');
  });

  test('starts each before the next is loaded, once', async () => {
    const { load } = pluginFolder();
    const { list, describe: described } = await load({
      'a.mjs': exporting(
        `{ name: 'a', async start() { globalThis.started = [...(globalThis.started ?? []), 'a']; } }`,
      ),
      'b.mjs': `if (globalThis.started?.at(-1) !== 'a') throw new Error('too early'); ${exporting(`{ name: 'b' }`)}`,
    });
    expect(list).toHaveLength(2);
    expect(described()).toMatchObject([
      { name: 'a', version: '0', source: 'a.mjs', hooks: [{ hook: 'start', calls: 1, failures: 0 }] },
      { name: 'b', hooks: [] },
    ]);
  });

  test.each([
    ['exports nothing', 'export const other = 1;', 'it exports no "plugin"'],
    ['is no object', exporting(`'x'`), 'its "plugin" is "x", wanted an object'],
    ['has no name', exporting('{}'), 'its name is undefined, wanted up to 63 lower-case letters'],
    ['has a name that is none', exporting(`{ name: 'A b' }`), 'its name is "A b"'],
    ['has a version that is none', exporting(`{ name: 'a', version: 1 }`), 'its version is number'],
    ['has a misspelt hook', exporting(`{ name: 'a', beforeWrites() {} }`), 'did you mean "beforeWrite"?'],
    ['has an unknown hook', exporting(`{ name: 'a', template_inject() {} }`), 'known are start, beforeWrite'],
    ['has a hook that is none', exporting(`{ name: 'a', preprocess: true }`), 'its "preprocess" is boolean'],
    ['throws when it is loaded', `throw new Error('boom');`, 'boom'],
    ['does not start', exporting(`{ name: 'a', start() { throw new Error('no') } }`), 'its start failed: no'],
  ])('refuses a module that %s, by its name', async (_, text, problem) => {
    const { load } = pluginFolder();
    const refused = load({ 'wrong.mjs': text });
    await expect(refused).rejects.toMatchObject({ code: 'plugin_invalid', data: { source: 'wrong.mjs' } });
    await expect(refused).rejects.toThrow(`Loading the plugin "wrong.mjs": `);
    await expect(refused).rejects.toThrow(problem);
  });

  test('refuses what is not there, and two of one name', async () => {
    const { folder, load } = pluginFolder();
    const absent = loadPlugins({ sources: ['./absent.mjs'], folder, onFailure: () => undefined });
    await expect(absent).rejects.toMatchObject({ code: 'plugin_invalid' });
    const same = load({ 'a.mjs': exporting(`{ name: 'x' }`), 'b.mjs': exporting(`{ name: 'x' }`) });
    await expect(same).rejects.toThrow('its name "x" is that of "a.mjs", too');
  });
});
