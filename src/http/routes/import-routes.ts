import type { Route } from '../route.ts';

const imports = () => import('./imports.ts');

const IMPORTS = '/api/v1/imports';
const IMPORT = '/api/v1/imports/{id}';

export const IMPORT_ROUTES = [
  {
    name: 'startImport',
    method: 'POST',
    pattern: IMPORTS,
    access: 'upload',
    load: async () => (await imports()).startImport,
  },
  {
    name: 'listImports',
    method: 'GET',
    pattern: IMPORTS,
    access: 'upload',
    load: async () => (await imports()).listImports,
  },
  {
    name: 'readImport',
    method: 'GET',
    pattern: IMPORT,
    access: 'upload',
    load: async () => (await imports()).readImport,
  },
  {
    name: 'deleteImport',
    method: 'DELETE',
    pattern: IMPORT,
    access: 'upload',
    load: async () => (await imports()).deleteImport,
  },
  {
    name: 'sendImportSource',
    method: 'PUT',
    pattern: `${IMPORT}/source`,
    access: 'upload',
    load: async () => (await import('./import-upload.ts')).sendImportSource,
  },
  {
    name: 'completeImport',
    method: 'POST',
    pattern: `${IMPORT}/complete`,
    access: 'upload',
    load: async () => (await import('./import-upload.ts')).completeImport,
  },
  {
    name: 'cancelImport',
    method: 'POST',
    pattern: `${IMPORT}/cancel`,
    access: 'upload',
    load: async () => (await imports()).cancelImport,
  },
  {
    name: 'listImportErrors',
    method: 'GET',
    pattern: `${IMPORT}/errors`,
    access: 'upload',
    load: async () => (await imports()).listImportErrors,
  },
  {
    name: 'readImportSample',
    method: 'GET',
    pattern: `${IMPORT}/sample`,
    access: 'upload',
    load: async () => (await imports()).readImportSample,
  },
] as const satisfies readonly Route[];
