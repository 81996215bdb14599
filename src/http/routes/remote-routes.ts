import type { Route } from '../route.ts';

const remotes = () => import('./remotes.ts');
const hooks = () => import('./pull-hooks.ts');

const REMOTES = '/api/v1/remotes';
const REMOTE = '/api/v1/remotes/{name}';
const PULL_HOOK = '/api/v1/pull/{hash}';

/** Other hosts that commits are pulled from and pushed to. */
export const REMOTE_ROUTES = [
  {
    name: 'createRemote',
    method: 'POST',
    pattern: REMOTES,
    access: 'admin',
    load: async () => (await remotes()).createRemote,
  },
  {
    name: 'listRemotes',
    method: 'GET',
    pattern: REMOTES,
    access: 'admin',
    load: async () => (await remotes()).listRemotes,
  },
  {
    name: 'readRemote',
    method: 'GET',
    pattern: REMOTE,
    access: 'admin',
    load: async () => (await remotes()).readRemote,
  },
  {
    name: 'updateRemote',
    method: 'PATCH',
    pattern: REMOTE,
    access: 'admin',
    load: async () => (await remotes()).updateRemote,
  },
  {
    name: 'deleteRemote',
    method: 'DELETE',
    pattern: REMOTE,
    access: 'admin',
    load: async () => (await remotes()).deleteRemote,
  },
  {
    name: 'settleConflict',
    method: 'DELETE',
    pattern: `${REMOTE}/conflicts/{conflict}`,
    access: 'admin',
    load: async () => (await remotes()).settleConflict,
  },
  {
    name: 'pullRemote',
    method: 'POST',
    pattern: `${REMOTE}/pull`,
    access: 'admin',
    load: async () => (await remotes()).pullRemote,
  },
  {
    name: 'pushRemote',
    method: 'POST',
    pattern: `${REMOTE}/push`,
    access: 'admin',
    load: async () => (await remotes()).pushRemote,
  },
  {
    name: 'pullByHook',
    method: 'POST',
    pattern: PULL_HOOK,
    access: 'open',
    load: async () => (await hooks()).pullByHook,
  },
  {
    name: 'pullByHookGet',
    method: 'GET',
    pattern: PULL_HOOK,
    access: 'open',
    load: async () => (await hooks()).pullByHook,
  },
  {
    name: 'readPullHook',
    method: 'GET',
    pattern: `${PULL_HOOK}/status`,
    access: 'open',
    load: async () => (await hooks()).readPullHook,
  },
] as const satisfies readonly Route[];

/** The same webhook where Otterwiki has it. */
export const OTTERWIKI_HOOK_ROUTES = [
  {
    name: 'pullByHook',
    method: 'POST',
    pattern: `/-${PULL_HOOK}`,
    access: 'open',
    load: async () => (await hooks()).pullByHook,
  },
  {
    name: 'pullByHookGet',
    method: 'GET',
    pattern: `/-${PULL_HOOK}`,
    access: 'open',
    load: async () => (await hooks()).pullByHook,
  },
  {
    name: 'readPullHook',
    method: 'GET',
    pattern: `/-${PULL_HOOK}/status`,
    access: 'open',
    load: async () => (await hooks()).readPullHook,
  },
] as const satisfies readonly Route[];
