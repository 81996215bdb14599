import type { Route } from '../route.ts';
import { health } from './health.ts';

const reads = () => import('./page-read.ts');
const writes = () => import('./page-write.ts');
const attachments = () => import('./attachments.ts');
const history = () => import('./history.ts');
const links = () => import('./links.ts');
const batches = () => import('./batch.ts');

const PAGES = '/api/v1/pages';
const PAGE = '/api/v1/pages/{path...}';
const FILE = '/api/v1/pages/{path...}/attachments/{file}';

/**
 * The routes that are asked most. Narrow patterns come before wide ones: `GET …/history` is the history of a page, while
 * `PUT …/history` falls through to a page of that name.
 */
export const CONTENT_ROUTES = [
  { name: 'health', method: 'GET', pattern: '/api/v1/health', access: 'open', load: async () => health },
  {
    name: 'listPages',
    method: 'GET',
    pattern: PAGES,
    access: 'read',
    load: async () => (await reads()).listPages,
  },
  {
    name: 'readAttachment',
    method: 'GET',
    pattern: FILE,
    access: 'read',
    load: async () => (await attachments()).readAttachment,
  },
  {
    name: 'deleteAttachment',
    method: 'DELETE',
    pattern: FILE,
    access: 'write',
    load: async () => (await attachments()).deleteAttachment,
  },
  {
    name: 'listAttachments',
    method: 'GET',
    pattern: `${PAGE}/attachments`,
    access: 'read',
    load: async () => (await attachments()).listAttachments,
  },
  {
    name: 'putAttachment',
    method: 'POST',
    pattern: `${PAGE}/attachments`,
    access: 'upload',
    body: 'attachment',
    load: async () => (await attachments()).putAttachment,
  },
  {
    name: 'pageHistory',
    method: 'GET',
    pattern: `${PAGE}/history`,
    access: 'read',
    load: async () => (await history()).pageHistory,
  },
  {
    name: 'renamePage',
    method: 'POST',
    pattern: `${PAGE}/rename`,
    access: 'write',
    load: async () => (await writes()).renamePage,
  },
  {
    name: 'restorePage',
    method: 'POST',
    pattern: `${PAGE}/restore`,
    access: 'write',
    load: async () => (await writes()).restorePage,
  },
  {
    name: 'readPage',
    method: 'GET',
    pattern: PAGE,
    access: 'read',
    load: async () => (await reads()).readPage,
  },
  {
    name: 'putPage',
    method: 'PUT',
    pattern: PAGE,
    access: 'write',
    load: async () => (await writes()).putPage,
  },
  {
    name: 'patchPage',
    method: 'PATCH',
    pattern: PAGE,
    access: 'write',
    load: async () => (await writes()).patchPage,
  },
  {
    name: 'deletePage',
    method: 'DELETE',
    pattern: PAGE,
    access: 'write',
    load: async () => (await writes()).deletePage,
  },
  {
    name: 'linkGraph',
    method: 'GET',
    pattern: '/api/v1/links',
    access: 'read',
    load: async () => (await links()).linkGraph,
  },
  {
    name: 'pageLinks',
    method: 'GET',
    pattern: '/api/v1/links/{path...}',
    access: 'read',
    load: async () => (await links()).pageLinks,
  },
  {
    name: 'changelog',
    method: 'GET',
    pattern: '/api/v1/changelog',
    access: 'read',
    load: async () => (await history()).changelog,
  },
  {
    name: 'search',
    method: 'GET',
    pattern: '/api/v1/search',
    access: 'read',
    load: async () => (await import('./search.ts')).search,
  },
  {
    name: 'batch',
    method: 'POST',
    pattern: '/api/v1/batch',
    access: 'write',
    body: 'attachment',
    load: async () => (await batches()).batch,
  },
  {
    name: 'revert',
    method: 'POST',
    pattern: '/api/v1/revert',
    access: 'write',
    load: async () => (await batches()).revert,
  },
] as const satisfies readonly Route[];
