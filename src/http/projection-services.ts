import type { ProtectedResource } from '../auth/oauth/protected-resource.ts';
import type { WikiExports } from '../export/wiki-exports.ts';
import type { Imports } from '../import/job/imports.ts';
import type { PluginDescription } from '../plugin/load.ts';
import type { ChangePage, ChangeQuery } from '../projection/event/change-feed.ts';
import type { PageRendering } from '../projection/render/page-rendering.ts';
import type { ProjectionStatus } from '../projection/runnable.ts';
import type { WebhookAdministration } from '../projection/webhook/webhook-administration.ts';
import type { PullHook } from '../remote/pull-hook.ts';
import type { RemoteAdministration } from '../remote/remote-administration.ts';
import type { GitServices } from './git-services.ts';
import type { MailServices } from './mail-services.ts';
import type { McpServices } from './mcp-services.ts';

/** What routes reach of what follows from commits, as one caller may use it. */
export interface ProjectionServices {
  /** How each projection stands, for who administers the wiki. @throws KittiwakeError `forbidden` */
  status(): Promise<ProjectionStatus[]>;
  /**
   * What happened, as far as the caller may read it.
   * @throws KittiwakeError `cursor_invalid`, `changes_gone`
   */
  changes(query: ChangeQuery): Promise<ChangePage>;
  /** Those who are told of commits over HTTP, for who administers the wiki. @throws KittiwakeError `forbidden` */
  webhooks(): Promise<WebhookAdministration>;
  /** Pages as HTML, as far as the caller may read them. */
  rendering(): Promise<PageRendering>;
  /** What the caller watches, and what links in mails do. */
  mails(): Promise<MailServices>;
  /** The plugins, for who administers the wiki. @throws KittiwakeError `forbidden`, `plugin_invalid` */
  plugins(): Promise<readonly PluginDescription[]>;
  /** What is imported: what the caller has started; all of it for who administers the wiki. */
  imports(): Promise<Imports>;
  /** The wiki as one file, as far as the caller may read it. */
  exports(): Promise<WikiExports>;
  /** What git's own clients reach; they ask for themselves what the caller may do. */
  git(): Promise<GitServices>;
  /** What the MCP server needs besides the services of its caller. */
  mcp(): Promise<McpServices>;
  /** Where tokens for the MCP server come from. Undefined: no issuer or no address is configured. */
  protectedResource(): Promise<ProtectedResource | undefined>;
  /** Other hosts that commits are pulled from and pushed to, for who administers the wiki. @throws KittiwakeError `forbidden` */
  remotes(): Promise<RemoteAdministration>;
  /** What whoever knows its address may call. @throws KittiwakeError `rate_limited` */
  pullHook(): Promise<PullHook>;
}
