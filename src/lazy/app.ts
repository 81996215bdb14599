import type { Config, Secrets } from '../core/config.ts';
import type { BodyLimits } from '../http/app.ts';
import type { App, HttpRequest } from '../http/message.ts';
import type { Site } from '../http/services.ts';
import type { ByteStore } from '../storage/byte-store.ts';
import type { Tell } from './invocation.ts';
import { type Lazy, lazy } from './lazy.ts';
import { createObservation, type Observation, type ObservationOptions } from './observation.ts';
import { lazyStore } from './store.ts';
import { createWikiHandles, type WikiHandles } from './wiki-handles.ts';
import { createWiki } from './wiki-id.ts';

export interface ServiceOptions extends ObservationOptions {
  config: Config;
  secrets: Secrets;
}

/** One wiki with everything it is made of; each part comes to be on its first use. */
export interface Service extends Pick<WikiHandles, 'wikiId' | 'repository' | 'wiki' | 'search'> {
  readonly app: App;
  readonly store: Lazy<ByteStore>;
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
  /** Calls `listener` after each commit that this process makes, until the function returned is called. */
  onCommit(listener: () => void): () => void;
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

/** Base64 of the largest attachment is 13.4 MiB; the rest is room for JSON and an attachment that is a little too large. */
const MIN_ATTACHMENT_BODY_BYTES = 14 * 1024 * 1024;

/** The composition root: it says how everything comes to be, and makes nothing. */
export function createService(options: ServiceOptions): Service {
  const { config, secrets, runtime, log } = options;
  const observation = createObservation(options);
  const listeners = new Set<() => void>();
  const committed = () => {
    for (const listener of listeners) listener();
  };
  const aws = secrets.aws ?? {};
  const environment = { config, aws, runtime, log, ...observation, committed };
  const store = lazyStore(environment);
  const requests = { arrived: 0 };
  const handles = createWikiHandles(environment, store, () => requests.arrived);
  const app = lazyApp(options, handles.site, observation);
  const { wikiId, repository, wiki, search } = handles;
  return {
    app: {
      async handle(request) {
        requests.arrived += 1;
        return observation.traced((app.peek() ?? (await app())).handle(request));
      },
    },
    prefetch: () => void handles.site.expect?.(),
    store,
    wikiId,
    repository,
    wiki,
    search,
    onCommit: listener => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    probe: async () => await (await store()).probe?.(),
    createWiki: async () => createWiki(environment, await store()),
    observe: observation.observe,
    idle: async () => store.peek()?.idle?.(),
    close: () => handles.close(),
  };
}

/** Registers the routes; their handlers are loaded by the first request of each. */
function lazyApp(
  { config, secrets, runtime, log }: ServiceOptions,
  site: Omit<Site, 'authenticate'>,
  { recorder, meters }: Observation,
): Lazy<App> {
  return lazy('app', recorder, async () => {
    const [{ createApp }, { ROUTES }, { createKeyAuthenticator }] = await Promise.all([
      import('../http/app.ts'),
      import('../http/routes/table.ts'),
      import('../auth/authenticate.ts'),
    ]);
    const authenticate = createKeyAuthenticator(secrets);
    const known: Site = { ...site, authenticate: request => authenticate(request.headers) };
    const limits = bodyLimits(config);
    const locate = (request: HttpRequest) => ({ site: known, request });
    return createApp({ routes: ROUTES, locate, limits, runtime, log, ...meters });
  });
}

function bodyLimits({ maxBodyBytes }: Config): BodyLimits {
  return { maxBodyBytes, maxAttachmentBodyBytes: Math.max(maxBodyBytes, MIN_ATTACHMENT_BODY_BYTES) };
}
