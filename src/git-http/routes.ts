import type { Route } from '../http/route.ts';

/** What is too large for one request is sent there by `kittiwake push`, in the manner of an import. */
const PUSHES = '/{repository}/pushes';

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
  {
    name: 'startPush',
    method: 'POST',
    pattern: PUSHES,
    access: 'write',
    load: async () => (await import('./start-push.ts')).startPush,
  },
  {
    name: 'readPush',
    method: 'GET',
    pattern: `${PUSHES}/{id}`,
    access: 'write',
    load: async () => (await import('../http/routes/imports.ts')).readImport,
  },
  {
    name: 'sendPush',
    method: 'PUT',
    pattern: `${PUSHES}/{id}/source`,
    access: 'write',
    load: async () => (await import('../http/routes/import-upload.ts')).sendImportSource,
  },
  {
    name: 'completePush',
    method: 'POST',
    pattern: `${PUSHES}/{id}/complete`,
    access: 'write',
    load: async () => (await import('../http/routes/import-upload.ts')).completeImport,
  },
  {
    name: 'cancelPush',
    method: 'POST',
    pattern: `${PUSHES}/{id}/cancel`,
    access: 'write',
    load: async () => (await import('../http/routes/imports.ts')).cancelImport,
  },
] as const satisfies readonly Route[];
