import type { Route } from '../http/route.ts';

/**
 * Where git reaches the wiki (gitprotocol-http(5)): at `/.git` and `/NAME.git`. Which names are this wiki's is asked by the
 * handlers.
 */
export const GIT_ROUTES = [
  {
    name: 'gitInfoRefs',
    method: 'GET',
    pattern: '/{repository}/info/refs',
    access: 'read',
    load: async () => (await import('./info-refs.ts')).infoRefs,
  },
  {
    name: 'gitUploadPack',
    method: 'POST',
    pattern: '/{repository}/git-upload-pack',
    access: 'read',
    load: async () => (await import('./upload-pack.ts')).uploadPack,
  },
  {
    name: 'gitReceivePack',
    method: 'POST',
    pattern: '/{repository}/git-receive-pack',
    access: 'write',
    load: async () => (await import('./receive.ts')).receivePack,
  },
] as const satisfies readonly Route[];
