import type { RenderHooks } from '../render/renderer.ts';
import type { ProposedWrite } from '../wiki/change/hooks.ts';

/**
 * What a plugin's module exports as `plugin`. Everything but the name is optional. How to write one: docs/plugins.md.
 *
 * The hooks that render are those of {@link RenderHooks}: they are synchronous, and what they give is sanitised with the rest of
 * the page. One that throws is left out for that page.
 */
export interface Plugin extends Omit<RenderHooks, 'variant'> {
  /** Lower-case letters, digits and hyphens. Named in errors, logs and metrics. */
  name: string;
  /** Pages are rendered again when it changes. Default `0`. */
  version?: string;
  /** Called once in each process, before any other hook. The plugin counts as not loaded until it resolves. */
  start?(): Promise<void> | void;
  /**
   * Asked before a write is committed. It may refuse (`context.refuse(reason)`) or change the texts of the pages and the message.
   * It is asked again on every attempt, also of writes that then lose to another writer: it must decide from its arguments
   * alone and do nothing else. What else it throws, and an answer that takes longer than {@link HOOK_TIMEOUT_MS}, refuses the
   * write, too.
   */
  beforeWrite?(
    write: ProposedWrite,
    context: PluginContext,
  ): Promise<PluginChange | undefined> | PluginChange | undefined;
  /**
   * Asked once before an import reads its first row. It may read the source, and refuse (`context.refuse(reason)`): then nothing is
   * imported. What else it throws, and an answer that takes longer than {@link IMPORT_HOOK_TIMEOUT_MS}, refuses it, too. A worker
   * that takes an import over may ask again.
   */
  beforeImport?(source: ImportedSource, context: PluginContext): Promise<void> | void;
  /**
   * Told of what commits have done, some time after them, oldest first, and never by the process that waits for an answer. Each event
   * comes at least once: after a failure, or a process that ended, those of its batch come again with the same ids.
   */
  afterEvents?(events: readonly PluginEvent[]): Promise<void> | void;
}

/** What is to be imported. */
export interface ImportedSource {
  /** Of the file, without folders. */
  readonly name: string;
  /** As it was asked for; undefined: it is told from the content. */
  readonly format: string | undefined;
  /** Bytes. Of what is no file: 0. */
  readonly size: number;
  /** Its bytes from the first on, any number of times. Absent: it is a folder, or lies on another server. */
  open?(): AsyncIterable<Uint8Array>;
}

/** What a commit did to one page or attachment. */
export interface PluginEvent {
  /** The same whenever it comes again. */
  id: string;
  type:
    | 'page_created'
    | 'page_updated'
    | 'page_deleted'
    | 'page_renamed'
    | 'attachment_saved'
    | 'attachment_deleted'
    | 'history_changed';
  /** `docs/intro.md`; empty where everything may have changed. */
  file: string;
  /** Of a page that was renamed: the file before. */
  from?: string;
  commit: string;
  author: { name: string; email: string };
  /** Author time since the epoch. */
  seconds: number;
  message: string;
}

export interface PluginChange {
  /** New texts of pages that the write creates or updates, by path. */
  contents?: Readonly<Record<string, string>>;
  /** Of the commit. */
  message?: string;
}

export interface PluginContext {
  /** Ends the write or import with 422 `plugin_refused` and this reason, which the caller reads. */
  refuse(reason: string): never;
}

/** How long one plugin may take over one attempt of a write. */
export const HOOK_TIMEOUT_MS = 2_000;

/** How long one plugin may take over the source of an import. */
export const IMPORT_HOOK_TIMEOUT_MS = 600_000;

/** Every hook, by what it must be. */
export const HOOKS = [
  'start',
  'beforeWrite',
  'beforeImport',
  'afterEvents',
  'preprocess',
  'postprocess',
  'processLink',
  'processImage',
  'processHeading',
  'processWikiLink',
  'renderEmbedding',
] as const;

export type HookName = (typeof HOOKS)[number];

/** A plugin, and where it was found. */
export interface LoadedPlugin {
  plugin: Plugin;
  /** As configured. */
  source: string;
}
