import type { Audit } from '../auth/audit/audit.ts';
import type { TokenService } from '../auth/token/token-service.ts';
import type { OwnerNow } from '../auth/token/tokens.ts';
import type { ByteStore } from '../storage/byte-store.ts';
import type { Environment } from './environment.ts';
import { type Lazy, lazy } from './lazy.ts';

export interface TokensOptions {
  environment: Environment;
  store: Lazy<ByteStore>;
  wikiId: Lazy<string>;
  audit(): Promise<Pick<Audit, 'record'>>;
  /** See `TokenServiceOptions`. */
  ownerNow?(ownerId: string): Promise<OwnerNow>;
}

/** The tokens of one wiki, for who makes and ends them; to check one needs none of this. */
export function lazyTokens({ environment, store, wikiId, ...parts }: TokensOptions): Lazy<TokenService> {
  const { config, runtime, recorder, tokenListeners } = environment;
  return lazy('tokens', recorder, async () => {
    const [{ TokenService }, opened, wiki] = await Promise.all([
      import('../auth/token/token-service.ts'),
      store(),
      wikiId(),
    ]);
    const changed = (hash: string) => {
      for (const listener of tokenListeners) listener(hash);
    };
    const { retainPageNameCase } = config;
    return new TokenService({ ...parts, store: opened, runtime, wiki, retainPageNameCase, changed });
  });
}
