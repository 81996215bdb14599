import { describe, expect, test } from 'vitest';
import { systemRuntime } from '../../../src/core/runtime.ts';
import { createRenderedPages, renderedKey } from '../../../src/projection/render/rendered-pages.ts';
import { sweepRendered } from '../../../src/projection/render/sweep.ts';
import { createRenderer } from '../../../src/render/create-renderer.ts';
import type { Renderer, RenderSettings } from '../../../src/render/renderer.ts';
import type { ByteStore } from '../../../src/storage/byte-store.ts';
import { createMemoryByteStore } from '../../../src/storage/memory.ts';

const SETTINGS: RenderSettings = {
  wikilinkStyle: '',
  retainPageNameCase: false,
  openLinksInNewTab: false,
  htmlAllowlist: new Map(),
  timeoutMs: 5_000,
  maxBytes: 1024 * 1024,
};

/** An instance of its own that counts what it compiles. */
function instance(store: ByteStore, settings: RenderSettings = SETTINGS) {
  const renderer = createRenderer(settings, body => ({ frontmatter: null, body }));
  const compiled: string[] = [];
  const errors: unknown[] = [];
  const counting: Renderer = {
    ...renderer,
    compile(source) {
      compiled.push(source);
      return renderer.compile(source);
    },
  };
  const pages = createRenderedPages({ store, renderer: counting, onError: error => void errors.push(error) });
  return { pages, compiled, errors };
}

const LONG = `# Title\n\n${'See [[Other]] *now*.\n\n'.repeat(200)}`;

describe('compiled pages', () => {
  test.each(['short', LONG])('are made once for all instances: %#', async source => {
    const store = createMemoryByteStore();
    const [first, second] = [instance(store), instance(store)];
    const page = await first.pages.compile('a1', source);
    expect(await second.pages.compile('a1', source)).toEqual(page);
    expect(await first.pages.compile('a1', source)).toEqual(page);
    expect([first.compiled, second.compiled]).toEqual([[source], []]);
  });

  test('are made once for all who ask at once', async () => {
    const { pages, compiled } = instance(createMemoryByteStore());
    await Promise.all(Array.from({ length: 8 }, () => pages.compile('a1', 'text')));
    expect(compiled).toHaveLength(1);
  });

  test('that cannot be made are not tried again at once', async () => {
    const { pages, compiled } = instance(createMemoryByteStore(), { ...SETTINGS, maxBytes: 1024 });
    const source = 'x'.repeat(2_000);
    for (let time = 0; time < 3; time += 1) {
      await expect(pages.compile('a1', source)).rejects.toMatchObject({ code: 'render_too_large' });
    }
    expect(compiled).toHaveLength(1);
    expect((await pages.compile('a2', 'ok')).html.join()).toContain('ok');
  });

  test('that lack something because a plugin failed are not kept', async () => {
    let failures = 0;
    const preprocess = (markdown: string) => {
      failures += failures === 0 ? 1 : 0;
      return markdown;
    };
    const hooks = { variant: 'a@1', failures: () => failures, preprocess };
    const { pages, compiled } = instance(createMemoryByteStore(), { ...SETTINGS, hooks });
    for (let time = 0; time < 3; time += 1) await pages.compile('a1', 'text');
    expect(compiled).toHaveLength(2);
  });

  test('that are long are kept deflated', async () => {
    const store = createMemoryByteStore();
    const page = await instance(store).pages.compile('a1', LONG);
    const { objects } = await store.list('render/');
    expect(objects).toHaveLength(1);
    expect(objects[0]?.size).toBeLessThan(JSON.stringify(page).length / 10);
  });

  test('are made anew where settings differ', async () => {
    const store = createMemoryByteStore();
    const [first, second] = [instance(store), instance(store, { ...SETTINGS, openLinksInNewTab: true })];
    const source = '[x](https://example.org)';
    expect((await first.pages.compile('a1', source)).html.join()).not.toContain('_blank');
    expect((await second.pages.compile('a1', source)).html.join()).toContain('_blank');
  });

  test('of texts without an id are not kept', async () => {
    const store = createMemoryByteStore();
    const { pages, compiled } = instance(store);
    await pages.compile(undefined, 'text');
    await pages.compile(undefined, 'text');
    expect(compiled).toHaveLength(2);
    expect((await store.list('')).objects).toEqual([]);
  });

  test.each([
    ['nothing', Buffer.alloc(0)],
    ['no JSON', Buffer.from('J{')],
    ['another JSON', Buffer.from('J{"html":[],"refs":[],"headings":[],"needs":[]}')],
    ['broken bytes', Buffer.from('D\x00\x01\x02')],
    ['an unknown form', Buffer.from('X{}')],
  ])('whose object holds %s are made anew', async (_, bytes) => {
    const store = createMemoryByteStore();
    const { pages, compiled } = instance(store);
    await store.put(renderedKey(pages.variant, 'a1'), [bytes], { immutable: true });
    expect((await pages.compile('a1', 'text')).html.join()).toContain('text');
    expect(compiled).toEqual(['text']);
  });

  test('come all the same when the store fails, and that is told', async () => {
    const store = createMemoryByteStore();
    const fails = async () => {
      throw new Error('denied');
    };
    const { pages, errors } = instance({ ...bound(store), get: fails, put: fails });
    expect((await pages.compile('a1', 'text')).html.join()).toContain('text');
    expect(errors).toHaveLength(2);
  });
});

describe('old compiled pages', () => {
  test('go after 30 days, part by part', async () => {
    const clock = { ms: 0 };
    const now = () => clock.ms;
    const store = createMemoryByteStore({ runtime: { ...systemRuntime, now } });
    const { pages } = instance(store);
    for (let id = 0; id < 60; id++) await pages.compile(`old ${id}`, 'text');
    clock.ms = 20 * 24 * 3600 * 1000;
    for (let id = 0; id < 60; id++) await pages.compile(`new ${id}`, 'text');
    clock.ms = 31 * 24 * 3600 * 1000;
    let drawn = 0;
    const random = () => (drawn++ % 256) / 256;
    let count = 0;
    for (let run = 0; run < 128; run++)
      count += await sweepRendered(store, { ...systemRuntime, now, random });
    expect(count).toBe(60);
    expect((await store.list('render/')).objects).toHaveLength(60);
  });
});

/** The same store as plain functions. */
function bound(store: ByteStore): ByteStore {
  return {
    location: store.location,
    get: (...call) => store.get(...call),
    put: (...call) => store.put(...call),
    list: (...call) => store.list(...call),
    delete: (...call) => store.delete(...call),
    upload: (...call) => store.upload(...call),
  };
}
