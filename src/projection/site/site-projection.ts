import { hashParts } from '../../core/bytes.ts';
import { cursorOf } from '../catch-up.ts';
import { isSame } from '../cursors.ts';
import { projectionUnsettled } from '../errors.ts';
import type { Counts, ProjectionRun, RunnableProjection } from '../runnable.ts';
import { conditionOf } from '../state/projection-state.ts';
import { dueItems } from '../state/set-aside.ts';
import { openStateDocument, stateKey } from '../state/state-document.ts';
import { affectedKeys } from './affected-keys.ts';
import { coverSite, groupKeys } from './cover-site.ts';
import { fileChanges } from './file-changes.ts';
import { siteKey } from './site-key.ts';
import { SiteRun, Superseded } from './site-run.ts';
import { type SiteOptions, sitePrefix } from './site-source.ts';
import { CLAIM_MS, NEW_SITE, parseSiteState, type State } from './site-state.ts';
import { type SiteView, siteViews } from './site-view.ts';

const NAME = 'site';

/** Each means that another run has gone further. */
const MAX_ATTEMPTS = 50;
/** With more keys it costs less to compare everything. */
const MAX_KEYS = 4_000;
/** How often everything is compared. */
const CHECK_MS = 86_400_000;

/**
 * Prefixes of all that there is of a wiki's site, to be deleted in this order: without its state the next run makes everything anew.
 */
export function sitePrefixes(uuid: string): string[] {
  return [sitePrefix(uuid), stateKey(uuid, NAME)];
}

/**
 * The site: an object for each page, file and list that the audience may read, as the newest commit and the rules have it. What the
 * objects hold follows from these and the settings alone.
 */
export function createSiteProjection(options: SiteOptions): RunnableProjection {
  const { store, uuid, runtime } = options;
  const document = openStateDocument({
    store,
    uuid,
    name: NAME,
    runtime,
    own: NEW_SITE,
    parseOwn: parseSiteState(stateKey(uuid, NAME)),
  });
  const siteOf = siteViews(options);
  const prefix = sitePrefix(uuid);

  async function attempt({ newest, deadlineMs }: ProjectionRun, mine: Set<string>): Promise<Counts> {
    const state = await document.read();
    // Asked for after the state was read: it is no older than what anybody has written.
    const view = await newest();
    const site = await siteOf(view);
    if (!site.settings.isOn && state.cursor === null) return {};
    const to = cursorOf(view);
    const tellsCaches = options.invalidator !== undefined;
    const run = new SiteRun({
      document,
      store,
      prefix,
      runtime,
      site,
      to,
      state,
      mine,
      tellsCaches,
      deadlineMs,
    });
    const keys = await changedKeys(state, site, view);
    if (keys === undefined) await run.move({ cursor: to, variant: site.variant, upTo: '' });
    else if (keys.size > 0) await run.settle([...keys].sort(), { cursor: to }, state.own.claims);
    else if (!isSame(state.cursor ?? undefined, to)) await run.move({ cursor: to });
    if (isCheckDue(run.state)) await run.move({ upTo: '' });
    await coverSite(run, site, { store, prefix, runtime });
    return run.result;
  }

  /** What may have to be written. Undefined: everything. */
  async function changedKeys(
    state: State,
    site: SiteView,
    view: Parameters<typeof siteOf>[0],
  ): Promise<Set<string> | undefined> {
    const { cursor, own } = state;
    if (cursor === null || own.variant !== site.variant) return undefined;
    const changes = site.settings.isOn ? await fileChanges(cursor, view) : [];
    if (changes === undefined) return undefined;
    const stored = { uses: own.uses, groupKeys: () => groupKeys(store, prefix) };
    const keys = await affectedKeys(changes, site, stored);
    const nowMs = runtime.now();
    for (const claim of own.claims) for (const key of claim.keys) keys.add(key);
    for (const { key, sinceMs } of own.tombstones) if (sinceMs + CLAIM_MS < nowMs) keys.add(key);
    for (const { item } of dueItems(state, nowMs)) {
      const key = siteKey(item.replace(/\.md$/, ''));
      if (key !== undefined) keys.add(key);
    }
    return keys.size > MAX_KEYS ? undefined : keys;
  }

  function isCheckDue({ own }: State): boolean {
    // In either direction: a clock may have been ahead.
    return own.upTo === null && Math.abs(runtime.now() - own.checkedMs) > CHECK_MS;
  }

  async function run(projectionRun: ProjectionRun): Promise<Counts> {
    const mine = new Set<string>();
    for (let count = 0; count < MAX_ATTEMPTS; count += 1) {
      try {
        const counts = await attempt(projectionRun, mine);
        await tellCaches();
        return counts;
      } catch (error) {
        if (!(error instanceof Superseded)) throw error;
        await runtime.sleep(runtime.random() * Math.min(1_000, 20 * 2 ** count));
      }
    }
    throw projectionUnsettled(NAME, MAX_ATTEMPTS);
  }

  /** Until they have been told, the addresses stay in the state. */
  async function tellCaches(): Promise<void> {
    if (options.invalidator === undefined) return;
    const { own, cursor } = await document.read();
    if (own.stale.length === 0) return;
    await options.invalidator.invalidate(own.stale, hashParts(cursor?.head ?? '', own.variant, ...own.stale));
    const told = new Set(own.stale);
    await document.change(state => {
      const stale = state.own.stale.filter(path => !told.has(path));
      return { state: { ...state, own: { ...state.own, stale } }, result: null };
    });
  }

  return {
    name: NAME,
    condition: async () => conditionOf(await document.read()),
    run,
    async rebuild(projectionRun) {
      await document.change(state => ({
        state: { ...state, own: { ...state.own, upTo: '' } },
        result: null,
      }));
      return await run(projectionRun);
    },
  };
}
