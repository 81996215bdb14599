import type { Principal } from '../auth/principal.ts';
import type { Config, Secrets } from '../core/config.ts';
import type { ProjectionSettings } from '../core/projection-config.ts';
import type { AppOptions, BodyLimits } from '../http/app.ts';
import type { App } from '../http/message.ts';
import type { Services } from '../http/services.ts';
import type { PluginDescription } from '../plugin/load.ts';
import type { ByteStore } from '../storage/byte-store.ts';
import type { Tenant } from '../tenant/tenant-directory.ts';
import { identifyingSite, lazyIdentification } from './auth.ts';
import type { Environment } from './environment.ts';
import type { Tell } from './invocation.ts';
import { type Lazy, lazy } from './lazy.ts';
import type { LocateOptions } from './locate.ts';
import { createObservation, type Observation, type ObservationOptions } from './observation.ts';
import { lazyPlugins } from './plugins.ts';
import { lazyPostgres, type State } from './state.ts';
import { lazyStore } from './store.ts';
import type { AdminOfTenants } from './tenant-admin.ts';
import type { ManyWikis } from './tenants.ts';
import { createWikiHandles, type WikiHandles, type WikiParts } from './wiki-handles.ts';

export interface ServiceOptions extends ObservationOptions {
  config: Config;
  secrets: Secrets;
  /** Asked for when something needs it. Default: the defaults. */
  projections?: () => Promise<ProjectionSettings>;
}

/** One wiki with everything it is made of; each part comes to be on its first use. */
export interface Service extends WikiParts {
  readonly app: App;
  readonly store: Lazy<ByteStore>;
  /** What routes reach, as one caller may use it. */
  as(principal: Principal): Services;
  /**
   * Makes sure that the store keeps its promises; asks it only where that is in doubt. For servers, not for functions.
   * @throws KittiwakeError as {@link ByteStore.probe}
   */
  probe(): Promise<void>;
  /**
   * Gives birth to the wiki in a store without one, and returns its uuid.
   * @throws KittiwakeError `wiki_exists`, `wiki_lost`
   */
  createWiki(): Promise<string>;
  /**
   * Calls `listener` after each commit that this process makes, until the function returned is called; where there are many wikis,
   * with the one that was written.
   */
  onCommit(listener: CommitListener): () => void;
  /** Loads the plugins. @throws KittiwakeError `plugin_invalid` */
  plugins(): Promise<readonly PluginDescription[]>;
  /** The wikis of the store. */
  readonly wikis: Lazy<ManyWikis>;
  /** What is relational of the server itself, where it has many wikis. */
  serverState(): Promise<State>;
  /** What administers them, in the name of a principal. */
  tenants(): Promise<AdminOfTenants>;
  /**
   * Begins what the first request will need of a remote store: the connection, the reading of the ledger, loading code. Returns
   * at once; what fails is tried again by the request.
   */
  prefetch(): void;
  /**
   * Runs an invocation that is no request of HTTP: what it asks of the store is counted as its own, and one line of the log with
   * what it told, and with metrics where the settings want them, is written when it is over.
   */
  observe<T>(event: string, work: (tell: Tell) => Promise<T>): Promise<T>;
  /** Resolves when nothing is asked of a remote store any more: what outlives its request has then ended, too. */
  idle(): Promise<void>;
  /** Closes what was opened. */
  close(): Promise<void>;
}

export type CommitListener = (tenant?: Tenant) => void;

/** Base64 of the largest attachment is 13.4 MiB; the rest is room for JSON and an attachment that is a little too large. */
const MIN_ATTACHMENT_BODY_BYTES = 14 * 1024 * 1024;

/** The composition root: it says how everything comes to be, and makes nothing. */
export function createService(options: ServiceOptions): Service {
  const { config, secrets, runtime, log } = options;
  const observation = createObservation(options);
  const listeners = new Set<CommitListener>();
  const committed = (tenant?: Tenant) => {
    for (const listener of listeners) listener(tenant);
  };
  const aws = secrets.aws ?? {};
  const environment = {
    config,
    settings: lazySettings(options, observation),
    plugins: lazyPlugins(config, log, observation.recorder),
    aws,
    runtime,
    log,
    ...observation,
    postgres: lazyPostgres({ runtime, recorder: observation.recorder }, secrets, options.host !== undefined),
    committed: () => committed(),
    tokenListeners: new Set<(hash: string) => void>(),
  };
  const store = lazyStore(environment);
  const requests = { arrived: 0 };
  const arrivals = () => requests.arrived;
  const handles = createWikiHandles(environment, store, arrivals);
  const { recorder } = observation;
  const wikis = lazy('tenants', recorder, async () => {
    const { createManyWikis } = await import('./tenants.ts');
    return await createManyWikis({ environment, store, arrivals, committed });
  });
  const administration = lazy('administration', recorder, async () => {
    const { createTenantAdministration } = await import('./tenant-admin.ts');
    return createTenantAdministration({ environment, store, many: wikis });
  });
  const app = lazyApp(options, { environment, store, handles, wikis, administration });
  const { site, close, ...parts } = handles;
  return {
    ...parts,
    app: {
      async handle(request) {
        requests.arrived += 1;
        return observation.traced((app.peek() ?? (await app())).handle(request));
      },
    },
    prefetch: () => {
      if (config.tenants.kind === 'none') void site.expect?.();
    },
    store,
    as: site.as,
    plugins: async () => (await environment.plugins?.())?.describe() ?? [],
    wikis,
    tenants: async () => (await administration()).tenants(),
    serverState: async () => (await administration()).state(),
    onCommit: listener => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    probe: async () => await (await store()).probe?.(),
    createWiki: async () => {
      const { createWiki } = await import('./create-wiki.ts');
      return await createWiki(environment, await store());
    },
    observe: observation.observe,
    idle: async () => store.peek()?.idle?.(),
    close: async () => {
      await Promise.all([close(), wikis.peek()?.close(), administration.peek()?.close()]);
      await environment.postgres?.peek()?.close();
    },
  };
}

type AppParts = Omit<LocateOptions, 'identification' | 'environment'> & {
  /** Of the one wiki, where there is one. */
  handles: WikiHandles;
  environment: Environment & Observation;
  store: Lazy<ByteStore>;
};

function lazySettings({ projections }: ServiceOptions, { recorder }: Observation): Environment['settings'] {
  const defaults = async () =>
    (await import('../core/projection-config.ts')).readProjectionSettings({ env: {} });
  return lazy('settings', recorder, projections ?? defaults);
}

/** Registers the routes; their handlers are loaded by the first request of each. */
function lazyApp({ config, secrets, runtime, log, host }: ServiceOptions, parts: AppParts): Lazy<App> {
  const { environment, store } = parts;
  const identify = lazyIdentification(environment, secrets, store, host !== undefined);
  return lazy('app', environment.recorder, async () => {
    const [{ createApp }, { CONTENT_ROUTES: routes }, identification] = await Promise.all([
      import('../http/app.ts'),
      import('../http/routes/content-routes.ts'),
      identify(),
    ]);
    const locate = await locateWith({ ...parts, identification });
    const limits = bodyLimits(config);
    const { admit } = identification;
    const allRoutes = async () => (await import('./all-routes.ts')).allRoutes();
    const protectedResource: AppOptions['protectedResource'] = async name =>
      (await import('./protected-resource.ts')).protectedResourceOf(environment, name);
    const given = { routes, allRoutes, locate, limits, admit, protectedResource, runtime, log };
    return createApp({ ...given, ...environment.meters });
  });
}

/** Finds the wiki of a request: always the same, or one among many. */
async function locateWith(options: AppParts & LocateOptions): Promise<AppOptions['locate']> {
  const { environment, identification, handles } = options;
  if (environment.config.tenants.kind !== 'none') {
    const { createLocate } = await import('./locate.ts');
    return await createLocate(options);
  }
  const { wikiId, users } = handles;
  const site = identifyingSite(identification, handles.site, { wikiId, users });
  return request => ({ site, request });
}

function bodyLimits({ maxBodyBytes }: Config): BodyLimits {
  return { maxBodyBytes, maxAttachmentBodyBytes: Math.max(maxBodyBytes, MIN_ATTACHMENT_BODY_BYTES) };
}
