import { createHash } from 'node:crypto';
import { isKittiwakeError, type KittiwakeError } from '../../core/errors.ts';
import { Lru } from '../../core/lru.ts';
import { monotonicMs } from '../../core/runtime.ts';
import type { CompiledPage, Renderer } from '../../render/renderer.ts';
import type { ByteStore } from '../../storage/byte-store.ts';
import { decodePage, encodePage } from './page-codec.ts';

/** Pages that are compiled once for all wikis and all instances. */
export interface RenderedPages extends Pick<Renderer, 'variant' | 'place'> {
  /**
   * @param id of the content, for example of its blob: another content never has it. Undefined: nothing is kept
   * @throws KittiwakeError as {@link Renderer.compile}
   */
  compile(id: string | undefined, source: string): Promise<CompiledPage>;
}

export interface RenderedPagesOptions {
  store: ByteStore;
  renderer: Renderer;
  /** Told of what could not be read or kept: the page is compiled all the same. */
  onError(error: unknown): void;
}

/** All kept pages. Those of a store are together: which wiki they are of is not known, and does not matter. */
export const RENDERED_PREFIX = 'render/';

/** In memory, as JSON. */
const MAX_MEMORY_BYTES = 16 * 1024 * 1024;

/** A page that cannot be rendered is not tried again for so long: whoever may read it could keep a process busy with it. */
const REFUSED_MS = 60_000;
const MAX_REFUSED = 1_000;
const REFUSALS = ['render_too_long', 'render_too_large', 'render_too_deep'];

/**
 * Keeps what was compiled as immutable objects `render/<2 digits>/<62 digits>`, the SHA-256 of variant and id: whoever has not got
 * the text does not know the name.
 */
export function createRenderedPages({ store, renderer, onError }: RenderedPagesOptions): RenderedPages {
  const memory = new Lru<string, CompiledPage>(MAX_MEMORY_BYTES);
  const underWay = new Map<string, Promise<CompiledPage>>();
  const refused = new Lru<string, { error: KittiwakeError; untilMs: number }>(MAX_REFUSED);
  const { variant } = renderer;

  async function find(key: string): Promise<CompiledPage | undefined> {
    try {
      const found = await store.get(key);
      return found.kind === 'found' ? decodePage(found.bytes) : undefined;
    } catch (error) {
      onError(error);
      return undefined;
    }
  }

  async function keep(key: string, bytes: Buffer): Promise<void> {
    try {
      await store.put(key, [bytes], { immutable: true });
    } catch (error) {
      onError(error);
    }
  }

  async function compiled(key: string, source: string): Promise<CompiledPage> {
    try {
      return await renderer.compile(source);
    } catch (error) {
      if (isKittiwakeError(error) && REFUSALS.includes(error.code))
        refused.set(key, { error, untilMs: monotonicMs() + REFUSED_MS }, 1);
      throw error;
    }
  }

  async function make(key: string, source: string): Promise<CompiledPage> {
    const kept = await find(key);
    const page = kept ?? (await compiled(key, source));
    if (page.isPartial) return page;
    const json = JSON.stringify(page);
    if (kept === undefined) await keep(key, encodePage(json));
    memory.set(key, page, json.length);
    return page;
  }

  return {
    variant,
    place: renderer.place,
    async compile(id, source) {
      if (id === undefined) return await renderer.compile(source);
      const key = renderedKey(variant, id);
      const known = memory.get(key) ?? underWay.get(key);
      if (known !== undefined) return await known;
      const refusal = refused.get(key);
      if (refusal !== undefined && monotonicMs() < refusal.untilMs) throw refusal.error;
      const making = make(key, source).finally(() => underWay.delete(key));
      underWay.set(key, making);
      return await making;
    },
  };
}

export function renderedKey(variant: string, id: string): string {
  const hash = createHash('sha256')
    .update(JSON.stringify([variant, id]))
    .digest('hex');
  return `${RENDERED_PREFIX}${hash.slice(0, 2)}/${hash.slice(2)}`;
}
