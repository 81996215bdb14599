import { isKittiwakeError } from '../core/errors.ts';
import type { ProposedWrite, WriteHooks } from '../wiki/change/hooks.ts';
import { pluginFailed, pluginLate, pluginRefused } from './errors.ts';
import type { HookTimes } from './hook-times.ts';
import { HOOK_TIMEOUT_MS, type Plugin, type PluginChange } from './plugin.ts';

/** The before hooks of all plugins as one: each sees what those before it have made. Undefined: none has any. */
export function writeHooksOf(plugins: readonly Plugin[], times: HookTimes): WriteHooks | undefined {
  const asked = plugins.filter(({ beforeWrite }) => beforeWrite !== undefined);
  if (asked.length === 0) return undefined;
  return {
    async beforeWrite(write) {
      let current = write;
      for (const plugin of asked) current = await ask(plugin, current, times);
      if (current === write) return undefined;
      const contents = new Map<string, string>();
      for (const [index, { path, content }] of current.changes.entries()) {
        if (content !== undefined && content !== write.changes[index]?.content) contents.set(path, content);
      }
      return { contents, message: current.message };
    },
  };
}

async function ask(plugin: Plugin, write: ProposedWrite, times: HookTimes): Promise<ProposedWrite> {
  const refuse = (reason: string): never => {
    throw pluginRefused(plugin.name, reason);
  };
  try {
    const change = await times.timed(plugin.name, 'beforeWrite', () =>
      inTime(plugin, async () => plugin.beforeWrite?.(frozen(write), { refuse })),
    );
    return applied(write, change);
  } catch (error) {
    if (isKittiwakeError(error, 'plugin_refused')) throw error;
    times.failed(plugin.name, 'beforeWrite', error);
    if (isKittiwakeError(error, 'plugin_late')) throw error;
    throw pluginFailed(plugin.name, 'beforeWrite', error);
  }
}

/** What a plugin changes in place would reach the next one unseen. */
function frozen(write: ProposedWrite): ProposedWrite {
  const changes = write.changes.map(change => Object.freeze({ ...change }));
  return Object.freeze({
    ...write,
    author: Object.freeze({ ...write.author }),
    changes: Object.freeze(changes),
  });
}

async function inTime<R>(plugin: Plugin, work: () => Promise<R>): Promise<R> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    const error = pluginLate(plugin.name, 'beforeWrite', HOOK_TIMEOUT_MS);
    timer = setTimeout(() => reject(error), HOOK_TIMEOUT_MS);
  });
  try {
    return await Promise.race([work(), late]);
  } finally {
    clearTimeout(timer);
  }
}

/** @throws Error when it is no change of this write */
function applied(write: ProposedWrite, change: PluginChange | undefined): ProposedWrite {
  if (change === undefined) return write;
  const { contents = {}, message = write.message } = change;
  checkChange(write, contents, message);
  const changes = write.changes.map(each => {
    const content = contents[each.path];
    return content === undefined ? each : { ...each, content };
  });
  return { ...write, message, changes };
}

function checkChange(
  { changes }: ProposedWrite,
  contents: Readonly<Record<string, unknown>>,
  message: unknown,
): void {
  if (typeof message !== 'string' || message.trim() === '') throw new TypeError('its message is no text');
  for (const [path, content] of Object.entries(contents)) {
    if (!changes.some(each => each.path === path && each.content !== undefined)) {
      throw new RangeError(`"${path}" is no page that this write creates or updates`);
    }
    if (typeof content !== 'string' || !content.isWellFormed()) {
      throw new TypeError(`what it makes of "${path}" is no text`);
    }
  }
}
