import type { Authenticator, KnownWiki } from '../auth/authenticate.ts';
import type { Admit } from '../auth/limit/request-limits.ts';
import { type Config, isLoopback, type Secrets } from '../core/config.ts';
import type { HttpRequest } from '../http/message.ts';
import type { Site } from '../http/services.ts';
import type { ByteStore } from '../storage/byte-store.ts';
import type { Environment } from './environment.ts';
import { type Lazy, lazy } from './lazy.ts';

/** Who is calling, for all wikis of a process. */
export interface Identification {
  authenticator: Authenticator;
  /** Undefined: there is no limit. */
  admit: Admit | undefined;
}

/** @param isFunction whoever reaches it comes from outside, whatever `host` says */
export function lazyIdentification(
  { config, runtime, recorder, tokenListeners }: Environment,
  secrets: Secrets,
  store: Lazy<ByteStore>,
  isFunction: boolean,
): Lazy<Identification> {
  return lazy('auth', recorder, async () => {
    const { Authenticator } = await import('../auth/authenticate.ts');
    const trustsPeers = !isFunction && secrets.originSecret === undefined && isLoopback(config.host);
    const authenticator = new Authenticator({ config, secrets, store, runtime, trustsPeers });
    tokenListeners.add(hash => authenticator.forgetToken(hash));
    const now = () => runtime.now();
    return { authenticator, admit: await limitsOf(config, authenticator, now) };
  });
}

/** The site of one wiki, whose callers are known. */
export function identifyingSite(
  { authenticator }: Identification,
  site: Omit<Site, 'authenticate'>,
  wiki: KnownWiki,
): Site {
  return {
    ...site,
    authenticate: (request: HttpRequest, beside) => authenticator.authenticate(request, wiki, beside),
  };
}

async function limitsOf(
  { rateLimitReads: reads, rateLimitWrites: writes }: Config,
  authenticator: Authenticator,
  now: () => number,
): Promise<Admit | undefined> {
  if (reads === 0 && writes === 0) return undefined;
  const { createRequestLimits } = await import('../auth/limit/request-limits.ts');
  return createRequestLimits({ reads, writes, now, addressOf: request => authenticator.addressOf(request) });
}
