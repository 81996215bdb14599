import { expect } from 'vitest';
import type { AuditEvent } from '../../../src/auth/audit/audit.ts';
import type { Principal } from '../../../src/auth/principal.ts';
import { tokenPrincipal } from '../../../src/auth/token/judge.ts';
import { tokenFormat, tokenHash, tokenKey } from '../../../src/auth/token/token.ts';
import { TokenService, type TokenServiceOptions } from '../../../src/auth/token/token-service.ts';
import type { NewToken } from '../../../src/auth/token/tokens.ts';
import { systemRuntime } from '../../../src/core/runtime.ts';
import type { ByteStore } from '../../../src/storage/byte-store.ts';
import { createMemoryByteStore } from '../../../src/storage/memory.ts';

export const WIKI = 'a'.repeat(32);

export const ANNA: Principal = {
  id: 'user:anna',
  standing: 'approved',
  grants: ['upload'],
  names: ['user:anna@example.org'],
  author: { name: 'Anna', email: 'anna@example.org' },
};

export interface TokenBench {
  store: ByteStore;
  service: TokenService;
  /** Hashes of tokens that were changed. */
  changed: string[];
  audited: AuditEvent[];
  /** Makes a token and tells whom it stands for. */
  make(
    caller: Principal,
    wish?: Partial<NewToken>,
  ): Promise<{ text: string; id: string; principal: Principal }>;
}

/** The tokens of one wiki in memory. */
export function tokenBench(more: Partial<TokenServiceOptions> = {}): TokenBench {
  const store = more.store ?? createMemoryByteStore();
  const changed: string[] = [];
  const audited: AuditEvent[] = [];
  const service = new TokenService({
    store,
    runtime: systemRuntime,
    wiki: WIKI,
    retainPageNameCase: false,
    changed: hash => changed.push(hash),
    audit: async () => ({
      record: (event, effect) => {
        audited.push(event);
        return effect();
      },
    }),
    ...more,
  });
  return {
    store,
    service,
    changed,
    audited,
    async make(caller, wish = {}) {
      const { text, info } = await service.as(caller).create({ name: 'Test', rights: ['read'], ...wish });
      return { text, id: info.id, principal: await principalOf(store, text) };
    },
  };
}

async function principalOf(store: ByteStore, text: string): Promise<Principal> {
  const found = await store.get(tokenKey(tokenHash(text)));
  if (found.kind !== 'found') throw new Error(`the token is ${found.kind}`);
  return tokenPrincipal(tokenFormat.decode(found.bytes).body);
}

export const refusal = (code: string, text = '') =>
  expect.objectContaining({ code, message: expect.stringContaining(text) });
