import type { Route } from '../route.ts';

const drafts = () => import('./drafts.ts');

const DRAFTS = '/api/v1/drafts';
const DRAFT = '/api/v1/drafts/{path...}';

/** Drafts belong to somebody: nobody in particular has none. What may be done at the page is asked there. */
export const DRAFT_ROUTES = [
  {
    name: 'listDrafts',
    method: 'GET',
    pattern: DRAFTS,
    access: 'known',
    load: async () => (await drafts()).listDrafts,
  },
  {
    name: 'readDraft',
    method: 'GET',
    pattern: DRAFT,
    access: 'known',
    load: async () => (await drafts()).readDraft,
  },
  {
    name: 'putDraft',
    method: 'PUT',
    pattern: DRAFT,
    access: 'known',
    load: async () => (await drafts()).putDraft,
  },
  {
    name: 'deleteDraft',
    method: 'DELETE',
    pattern: DRAFT,
    access: 'known',
    load: async () => (await drafts()).deleteDraft,
  },
] as const satisfies readonly Route[];
