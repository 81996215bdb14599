import type { Route } from '../route.ts';

const tokens = () => import('./tokens.ts');

const TOKENS = '/api/v1/tokens';
const TOKEN = '/api/v1/tokens/{id}';

export const TOKEN_ROUTES = [
  {
    name: 'createToken',
    method: 'POST',
    pattern: TOKENS,
    access: 'known',
    load: async () => (await tokens()).createToken,
  },
  {
    name: 'listTokens',
    method: 'GET',
    pattern: TOKENS,
    access: 'known',
    load: async () => (await tokens()).listTokens,
  },
  {
    name: 'readToken',
    method: 'GET',
    pattern: TOKEN,
    access: 'known',
    load: async () => (await tokens()).readToken,
  },
  {
    name: 'revokeToken',
    method: 'DELETE',
    pattern: TOKEN,
    access: 'known',
    load: async () => (await tokens()).revokeToken,
  },
] as const satisfies readonly Route[];
