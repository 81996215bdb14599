import { describe, expect, test } from 'vitest';
import { pluginFolder } from './plugin-files.ts';

const heading = { level: 1, text: 'A', anchor: 'a' };

describe('hooks of rendering', () => {
  test('none where no plugin has any', async () => {
    const { load } = pluginFolder();
    const { renderHooks } = await load({ 'a.mjs': `export const plugin = { name: 'a', beforeWrite() {} };` });
    expect(renderHooks).toBeUndefined();
  });

  test('each gets what those before it have made', async () => {
    const { load } = pluginFolder();
    const { renderHooks, describe: described } = await load({
      'a.mjs': `export const plugin = { name: 'a', preprocess: text => text + 'a', processHeading: (html, { anchor }) => html + anchor };`,
      'b.mjs': `export const plugin = { name: 'b', version: '3', preprocess: text => text + 'b' };`,
    });
    expect(renderHooks?.preprocess?.('x')).toBe('xab');
    expect(renderHooks?.processHeading?.('<h1>', heading)).toBe('<h1>a');
    expect(renderHooks?.postprocess).toBeUndefined();
    expect(renderHooks?.variant).toBe('a@0 b@3');
    expect(described()).toMatchObject([
      {
        hooks: [
          { hook: 'preprocess', calls: 1 },
          { hook: 'processHeading', calls: 1 },
        ],
      },
      { hooks: [{ hook: 'preprocess', calls: 1 }] },
    ]);
  });

  test('the first that knows an embedding renders it', async () => {
    const { load } = pluginFolder();
    const { renderHooks } = await load({
      'a.mjs': `export const plugin = { name: 'a', renderEmbedding: name => name === 'A' ? 'a' : undefined };`,
      'b.mjs': `export const plugin = { name: 'b', renderEmbedding: (name, { k }, [first]) => name + k + first };`,
    });
    expect(renderHooks?.renderEmbedding?.('A', {}, [])).toBe('a');
    expect(renderHooks?.renderEmbedding?.('B', { k: '1' }, ['2'])).toBe('B12');
  });

  test('one that throws, or gives something else, is left out and named', async () => {
    const { load, failures } = pluginFolder();
    const { renderHooks, describe: described } = await load({
      'a.mjs': `export const plugin = { name: 'a', preprocess() { throw new Error('boom') }, renderEmbedding() { throw new Error('bang') } };`,
      'b.mjs': `export const plugin = { name: 'b', preprocess: () => 7, postprocess: html => html + '!' };`,
    });
    expect(renderHooks?.preprocess?.('x')).toBe('x');
    expect(renderHooks?.postprocess?.('x')).toBe('x!');
    expect(renderHooks?.renderEmbedding?.('A', {}, [])).toBeUndefined();
    expect(failures).toEqual([
      'a preprocess boom',
      'b preprocess "preprocess" gave number, wanted a string',
      'a renderEmbedding bang',
    ]);
    const failed = described().flatMap(({ hooks }) => hooks.filter(use => use.failures === 1));
    expect(failed).toHaveLength(3);
  });
});
