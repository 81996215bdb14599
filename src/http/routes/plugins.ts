import type { PluginDescription } from '../../plugin/load.ts';
import type { HttpResponse } from '../message.ts';
import type { Context } from '../route.ts';
import { answer } from '../write.ts';

export async function listPlugins({ services }: Context): Promise<HttpResponse> {
  const plugins = await (await services.projections()).plugins();
  return answer({ plugins: plugins.map(pluginBody) });
}

function pluginBody({ name, version, source, hooks }: PluginDescription): object {
  const used = hooks.map(({ hook, calls, failures, totalMs, maxMs }) => ({
    hook,
    calls,
    failures,
    total_ms: rounded(totalMs),
    max_ms: rounded(maxMs),
  }));
  return { name, version, source, hooks: used };
}

function rounded(ms: number): number {
  return Math.round(ms * 1000) / 1000;
}
