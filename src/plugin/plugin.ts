import type { RenderHooks } from '../render/renderer.ts';
import type { ProposedWrite } from '../wiki/change/hooks.ts';

/** What a plugin's module exports as `plugin`. Everything but the name is optional. */
export interface Plugin extends Omit<RenderHooks, 'variant'> {
  /** Lower-case letters, digits and hyphens. Named in errors, logs and metrics. */
  name: string;
  /** Rendered pages are made again when it changes. Default `0`. */
  version?: string;
  /**
   * Asked before a page write is committed. It may refuse (`context.refuse(reason)`) or change the texts and the message. It is
   * asked again on every attempt, also for writes that then lose to another writer: it must decide from its arguments alone
   * and do nothing else.
   */
  beforeWrite?(
    write: ProposedWrite,
    context: PluginContext,
  ): Promise<PluginChange | undefined> | PluginChange | undefined;
}

export interface PluginChange {
  /** New texts of pages that the write changes, by path. */
  contents?: Readonly<Record<string, string>>;
  message?: string;
}

export interface PluginContext {
  /** Ends the write with `refused_by_plugin` (422) and this reason. */
  refuse(reason: string): never;
}
