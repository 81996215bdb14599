import { describe, expect, test } from 'vitest';
import { readConfig } from '../../src/core/config.ts';
import { createLogger } from '../../src/core/log.ts';
import type { Job } from '../../src/import/job/job.ts';
import { importGuard } from '../../src/lazy/import-guard.ts';
import { lazy } from '../../src/lazy/lazy.ts';
import { createMemoryByteStore } from '../../src/storage/memory.ts';
import { someJob } from '../import/job/some-job.ts';
import { pluginFolder } from './plugin-files.ts';

const asking = (name: string, body: string) =>
  `export const plugin = { name: '${name}', async beforeImport({ name, format, size, open }, { refuse }) {\n${body}\n} };`;

const SCAN = `
  let text = '';
  for await (const chunk of open()) text += chunk;
  if (text.includes('EICAR')) refuse(name + ' of ' + size + ' bytes (' + format + ') is infected');
`;

describe('a plugin that is asked before imports', () => {
  test('reads the source as often as it wants, and lets it pass or refuses with its reason', async () => {
    const { load } = pluginFolder();
    const { importGuard: guard } = await load({ 'a.mjs': asking('scan', `{${SCAN}} {${SCAN}}`) });
    const source = (text: string) => ({
      name: 'pages.csv',
      format: 'csv',
      size: text.length,
      async *open() {
        yield Buffer.from(text.slice(0, 3));
        yield Buffer.from(text.slice(3));
      },
    });
    await expect(guard?.(source('a,b\n'))).resolves.toBeUndefined();
    await expect(guard?.(source('a,EICAR\n'))).rejects.toMatchObject({
      code: 'plugin_refused',
      message: 'Refused by the plugin "scan": pages.csv of 8 bytes (csv) is infected',
    });
  });

  test('lets nothing pass when it fails, and the reason is told to the log alone', async () => {
    const { load, failures } = pluginFolder();
    const { importGuard: guard } = await load({ 'a.mjs': asking('scan', "throw new Error('no scanner');") });
    const refused = guard?.({ name: 'a', format: undefined, size: 0 });
    await expect(refused).rejects.toThrow('The plugin "scan" failed in "beforeImport": nothing was written');
    expect(failures).toEqual(['scan beforeImport no scanner']);
  });

  test('is none where no plugin has the hook', async () => {
    const { load } = pluginFolder();
    const { importGuard: guard } = await load({ 'a.mjs': "export const plugin = { name: 'a' };" });
    expect(guard).toBeUndefined();
  });

  test('is given what was uploaded, piece by piece', async () => {
    const plugins = pluginFolder();
    await plugins.load({ 'a.mjs': asking('scan', SCAN) });
    const { config } = readConfig({ env: { KITTIWAKE_PLUGINS: `${plugins.folder}/a.mjs` } });
    const log = createLogger({ level: 'error', write: () => {}, now: Date.now });
    const store = createMemoryByteStore();
    const guard = importGuard(
      config,
      log,
      lazy('store', { now: () => 0, record() {} }, () => store),
    );
    const jobOf = async (...texts: string[]): Promise<Job> => {
      const segments = texts.map((text, index) => ({
        key: `p/${texts.join('-')}/${index}`,
        bytes: text.length,
      }));
      for (const [index, { key }] of segments.entries())
        await store.put(key, [Buffer.from(texts[index] ?? '')], { immutable: true });
      const bytes = texts.join('').length;
      const source = { kind: 'stored', key: 'p/none', name: 'pages.csv', bytes, segments } as const;
      return { ...someJob('user:1', { source }), id: 'a', createdMs: 0, parts: [], commits: [] };
    };
    await expect(guard?.(await jobOf('fine', 'text'))).resolves.toBeUndefined();
    await expect(guard?.(await jobOf('EIC', 'AR'))).rejects.toThrow('pages.csv of 5 bytes (undefined)');
  });
});
