import type { RenderHooks } from '../render/renderer.ts';
import type { HookTimes } from './hook-times.ts';
import type { Plugin } from './plugin.ts';

/** Those that change what they are given. */
const CHAINED = [
  'preprocess',
  'postprocess',
  'processLink',
  'processImage',
  'processHeading',
  'processWikiLink',
] as const;

type Chained = (...args: unknown[]) => string;

/** The hooks of all plugins as one: each gets what those before it have made. Undefined: none has any. */
export function renderHooksOf(plugins: readonly Plugin[], times: HookTimes): RenderHooks | undefined {
  const rendering = plugins.filter(
    plugin => CHAINED.some(hook => plugin[hook] !== undefined) || plugin.renderEmbedding !== undefined,
  );
  if (rendering.length === 0) return undefined;
  const hooks: Record<string, unknown> = {
    variant: rendering.map(({ name, version = '0' }) => `${name}@${version}`).join(' '),
    failures: () => times.failures,
  };
  for (const hook of CHAINED) {
    const asked = rendering.filter(plugin => plugin[hook] !== undefined);
    if (asked.length > 0) hooks[hook] = chain(asked, hook, times);
  }
  if (rendering.some(plugin => plugin.renderEmbedding !== undefined)) {
    hooks.renderEmbedding = firstOf(rendering, times);
  }
  return hooks as unknown as RenderHooks;
}

function chain(plugins: readonly Plugin[], hook: (typeof CHAINED)[number], times: HookTimes): Chained {
  return (text, ...rest) => {
    let current = text as string;
    for (const plugin of plugins) {
      const call = plugin[hook] as Chained;
      current = times.contained(plugin.name, hook, current, () =>
        asText(hook, call.call(plugin, current, ...rest)),
      );
    }
    return current;
  };
}

function firstOf(plugins: readonly Plugin[], times: HookTimes): NonNullable<RenderHooks['renderEmbedding']> {
  return (name, options, args) => {
    for (const plugin of plugins) {
      const html = times.contained(plugin.name, 'renderEmbedding', undefined, () => {
        const made = plugin.renderEmbedding?.(name, options, args);
        return made === undefined ? undefined : asText('renderEmbedding', made);
      });
      if (html !== undefined) return html;
    }
    return undefined;
  };
}

function asText(hook: string, value: unknown): string {
  if (typeof value === 'string') return value;
  throw new TypeError(`"${hook}" gave ${typeof value}, wanted a string`);
}
