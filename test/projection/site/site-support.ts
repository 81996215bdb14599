import { storedPolicy } from '../../../src/auth/policy/parse-policy.ts';
import { permitsOf } from '../../../src/auth/policy/permits.ts';
import { EMPTY_POLICY, type Policy } from '../../../src/auth/policy/policy.ts';
import { ANONYMOUS } from '../../../src/auth/principal.ts';
import { type Runtime, systemRuntime } from '../../../src/core/runtime.ts';
import type { LedgerRepository } from '../../../src/git/open.ts';
import { createRenderedPages } from '../../../src/projection/render/rendered-pages.ts';
import type { Counts, RunnableProjection } from '../../../src/projection/runnable.ts';
import { storedKeys } from '../../../src/projection/site/cover-site.ts';
import { createSiteProjection } from '../../../src/projection/site/site-projection.ts';
import { type SiteOptions, type SiteSettings, sitePrefix } from '../../../src/projection/site/site-source.ts';
import { createRenderer } from '../../../src/render/create-renderer.ts';
import type { ByteStore } from '../../../src/storage/byte-store.ts';
import { createMemoryByteStore } from '../../../src/storage/memory.ts';
import { createDescribe } from '../../../src/wiki/markup/describe.ts';
import { readDocument } from '../../../src/wiki/markup/frontmatter.ts';
import { DEFAULT_SETTINGS } from '../../../src/wiki/settings.ts';
import { newRepository } from '../../support/repository.ts';

export const UUID = '0123456789abcdef0123456789abcdef';

export const SITE_SETTINGS: SiteSettings = {
  isOn: true,
  info: {
    name: 'Birds',
    description: '',
    lang: 'en',
    baseUrl: 'https://birds.example.org',
    isIndexed: true,
  },
  audience: 'ANONYMOUS',
  defaults: {},
  naming: { retainPageNameCase: false, wikilinkStyle: '' },
  apiUrl: '',
};

const DEFAULTS = {
  access: { read: 'ANONYMOUS', write: 'ANONYMOUS', attachment: 'ANONYMOUS' },
  limits: {},
  preferences: {},
  retainPageNameCase: false,
} as const;

/** A wiki whose pages are described as the server describes them. */
export function newWiki(store = createMemoryByteStore()): Promise<LedgerRepository> {
  return newRepository({ store, uuid: UUID, describe: createDescribe(DEFAULT_SETTINGS) });
}

export interface TestSiteOptions {
  store?: ByteStore;
  settings?: Partial<SiteSettings>;
  runtime?: Runtime;
  invalidator?: SiteOptions['invalidator'];
}

/** The projection of a wiki into a store, as anybody sees it. */
export function openSite(options: TestSiteOptions = {}): { store: ByteStore; site: RunnableProjection } {
  const { store = createMemoryByteStore(), runtime = systemRuntime, invalidator } = options;
  const settings = { ...SITE_SETTINGS, ...options.settings };
  const renderer = createRenderer(
    {
      wikilinkStyle: '',
      retainPageNameCase: false,
      openLinksInNewTab: false,
      htmlAllowlist: new Map(),
      timeoutMs: 10_000,
      maxBytes: 1 << 20,
    },
    readDocument,
  );
  const kept = createMemoryByteStore();
  const onError = (error: unknown) => {
    throw error;
  };
  const rendered = createRenderedPages({ store: kept, renderer, onError });
  const site = createSiteProjection({
    store,
    uuid: UUID,
    runtime,
    settings,
    rendering: async () => rendered,
    permits: policy => ({ permits: permitsOf(ANONYMOUS, policy, DEFAULTS), homePage: '' }),
    invalidator,
  });
  return { store, site };
}

/** Brings a site to the newest commit of a wiki. */
export function publish(site: RunnableProjection, wiki: LedgerRepository): Promise<Counts> {
  return site.run({ newest: () => wiki.view({ maxAgeMs: 0 }), deadlineMs: Number.POSITIVE_INFINITY });
}

/** All objects of the site, by key. */
export async function objectsOf(store: ByteStore): Promise<Map<string, string>> {
  const prefix = sitePrefix(UUID);
  const objects = new Map<string, string>();
  for (const key of await storedKeys(store, prefix)) {
    const found = await store.get(prefix + key);
    if (found.kind === 'found') objects.set(key, found.bytes.toString());
  }
  return objects;
}

/** What the site would be if it was made at once. */
export async function madeAnew(wiki: LedgerRepository): Promise<Map<string, string>> {
  const { store, site } = openSite();
  await publish(site, wiki);
  return await objectsOf(store);
}

/** Lets nobody but administrators read what lies at a path. */
export function hide(wiki: LedgerRepository, ...paths: string[]): Promise<null> {
  return setRules(
    wiki,
    paths.map(path => ({ path, read: [] })),
  );
}

export function setRules(wiki: LedgerRepository, rules: Policy['rules']): Promise<null> {
  return wiki.changePolicy(current => {
    const { revision } = (current ?? EMPTY_POLICY) as Policy;
    return { policy: storedPolicy({ ...EMPTY_POLICY, revision: revision + 1, rules }), result: null };
  });
}
