import type { Principal } from '../auth/principal.ts';
import type { ProjectionServices } from '../http/projection-services.ts';
import type { IdleJobs } from '../import/job/wakes.ts';
import type { AdministratorNotice } from '../projection/notify/account-messages.ts';
import type { ProjectionStatus, RunnableProjection } from '../projection/runnable.ts';
import { lazy } from './lazy.ts';
import { readChangesAs } from './projections/changes.ts';
import { exportsAs } from './projections/exports.ts';
import { gitAs } from './projections/git.ts';
import { importsAs, sweepImports, wakeImports } from './projections/imports.ts';
import { mailsOf } from './projections/mail.ts';
import { mcpOf } from './projections/mcp.ts';
import type { ProjectionParts } from './projections/parts.ts';
import { pluginProjection } from './projections/plugins.ts';
import { remotesOf } from './projections/remotes.ts';
import { lazyRenderedPages, pageRenderingAs } from './projections/rendering.ts';
import { searchProjection } from './projections/search.ts';
import { siteProjection } from './projections/site.ts';
import { webhooksOf } from './projections/webhooks.ts';
import { protectedResourceOf } from './protected-resource.ts';

/** What follows from the commits of one wiki. No write needs any of it. */
export interface Projections {
  /** In the order in which they run: readers see their writes in the search. */
  readonly list: readonly RunnableProjection[];
  status(): Promise<ProjectionStatus[]>;
  /** Removes a part of the pages that were rendered long ago. Returns how many. */
  sweepRendered(): Promise<number>;
  /** Removes what imports have left behind. Returns how many of them. */
  sweepImports(): Promise<number>;
  /** Has imports gone on with that nobody works on; undefined where a server looks for them itself. */
  wakeImports(): Promise<IdleJobs | undefined>;
  /** Has administrators mailed what they would not see otherwise. Where no mails are sent it is not asked for. */
  tellAdministrators(notice: () => Promise<AdministratorNotice | undefined>): Promise<void>;
  /** What one caller may see and change of it. */
  as(principal: Principal): ProjectionServices;
  close(): Promise<void>;
}

/** Loads little: each projection loads what it needs when it is run. */
export async function openProjections(given: Omit<ProjectionParts, 'events'>): Promise<Projections> {
  const events = lazy('events', given.environment.recorder, async () => {
    const { createEventReader } = await import('../projection/event/event-reader.ts');
    return createEventReader();
  });
  const parts = { ...given, events };
  const pages = lazyRenderedPages(parts);
  const webhooks = webhooksOf(parts);
  const mails = mailsOf(parts);
  const remotes = remotesOf(parts, mails.tellAdministrators);
  const list = [
    searchProjection(parts),
    siteProjection(parts, pages),
    webhooks.projection,
    mails.projection,
    ...pluginProjection(parts),
    remotes.projection,
  ];
  const newest = async () => (await parts.wiki.repository()).view({ maxAgeMs: 0 });
  const status = async () => {
    const { statusOf } = await import('../projection/status.ts');
    return await statusOf(list, newest, parts.environment.runtime);
  };
  return {
    list,
    status,
    async sweepRendered() {
      const { sweepRendered } = await import('../projection/render/sweep.ts');
      return await sweepRendered(await parts.store(), parts.environment.runtime);
    },
    sweepImports: () => sweepImports(parts),
    wakeImports: () => wakeImports(parts),
    tellAdministrators: mails.tellAdministrators,
    as: principal => ({
      async status() {
        const { checkAdministrator } = await import('../auth/administrator.ts');
        checkAdministrator(principal);
        return await status();
      },
      changes: query => readChangesAs(parts, principal, query),
      webhooks: () => webhooks.as(principal),
      rendering: () => pageRenderingAs(parts, pages, principal),
      mails: () => mails.as(principal),
      imports: () => importsAs(parts, principal),
      async plugins() {
        const { checkAdministrator } = await import('../auth/administrator.ts');
        checkAdministrator(principal);
        return (await parts.environment.plugins?.())?.describe() ?? [];
      },
      exports: () => exportsAs(parts, principal),
      remotes: () => remotes.as(principal),
      pullHook: remotes.hook,
      protectedResource: () => protectedResourceOf(parts.environment),
      git: () => gitAs(parts, principal),
      mcp: () => mcpOf(parts),
    }),
    close: async () => {},
  };
}
