import type { BodyOf } from './endpoint.ts';
import type { Endpoints } from './endpoints.ts';
import type { CallOptions, Requester } from './request.ts';

/** A page as it was read; `etag` goes with `known` and with `If-Match`. */
export type Page = Endpoints['GET /api/v1/pages/{path}']['answer'] & { readonly etag: string };

export interface ReadOptions extends CallOptions {
  /** The page as of this commit. */
  revision?: string | undefined;
  /** Only the section of this title or path of titles (`A > B`). */
  section?: string | undefined;
  /** What was read before: it is the answer when it still holds, and is not sent again. */
  known?: Page | undefined;
}

export interface WriteOptions extends CallOptions {
  /** Of the commit. */
  message?: string | undefined;
  /** Answers what would change, and changes nothing. */
  dryRun?: boolean | undefined;
}

export interface LockedOptions extends WriteOptions {
  /** Revision that was read: another newest one refuses the write with `revision_mismatch`. */
  revision?: string | undefined;
}

export interface PutOptions extends LockedOptions {
  /** `merge`: what both changed since `revision` is merged. Default: it is refused. */
  onConflict?: 'fail' | 'merge' | undefined;
}

/** A piece of a page's text and what takes its place; the piece must be there once. */
export interface Replacement {
  find: string;
  replace: string;
}

/** One change of a batch, as the API has it: `{op: 'put', path, content}`. */
export type Change = BodyOf<'POST /api/v1/batch'>['changes'][number];

const PAGE = '/api/v1/pages/{path}';

/** Reading and writing pages. Where a write rests on a revision that is not given, the newest is read first. */
export function pageCalls({ request }: Requester) {
  /** @throws KittiwakeClientError `page_not_found` */
  async function page(path: string, options: ReadOptions = {}): Promise<Page> {
    const { revision, section, known, ...call } = options;
    const headers = { ...call.headers, ...(known ? { 'if-none-match': known.etag } : {}) };
    const query = given({ revision, section });
    const answer = await request(`GET ${PAGE}`, { ...call, headers, params: { path }, query });
    if (answer.status === 304 && known) return known;
    return { ...answer.data, etag: answer.headers.get('etag') ?? '' };
  }

  async function revisionOf(path: string, { revision, ...options }: LockedOptions): Promise<string> {
    return revision ?? (await page(path, { signal: options.signal })).revision;
  }

  return {
    page,

    /** Creates a page, or with `revision` replaces it. @throws KittiwakeClientError `revision_required`, `merge_conflict` */
    async put(path: string, content: string, options: PutOptions = {}) {
      const { onConflict, ...write } = options;
      const { fields, call } = split(write);
      const body = { content, ...fields, ...given({ on_conflict: onConflict }) };
      return (await request(`PUT ${PAGE}`, { ...call, params: { path }, body })).data;
    },

    /** Replaces one piece of the text. @throws KittiwakeClientError `old_string_missing`, `old_string_ambiguous` */
    async patch(path: string, { find, replace }: Replacement, options: PutOptions = {}) {
      const { onConflict, ...write } = options;
      const { fields, call } = split(write);
      const revision = await revisionOf(path, options);
      const text = { old_string: find, new_string: replace };
      const body = { ...fields, ...text, revision, ...given({ on_conflict: onConflict }) };
      return (await request(`PATCH ${PAGE}`, { ...call, params: { path }, body })).data;
    },

    /** Replaces a section with its heading, or with `placement` adds to its end. @throws KittiwakeClientError `section_not_found` */
    async editSection(
      path: string,
      section: string,
      content: string,
      options: PutOptions & { placement?: 'replace' | 'append' | undefined } = {},
    ) {
      const { placement, onConflict, ...write } = options;
      const { fields, call } = split(write);
      const revision = await revisionOf(path, options);
      const asked = given({ placement, on_conflict: onConflict });
      const body = { ...fields, section, content, revision, ...asked };
      return (await request(`PATCH ${PAGE}`, { ...call, params: { path }, body })).data;
    },

    /** Renames a page with what belongs to it, and rewrites the links to it. @throws KittiwakeClientError `page_exists_at` */
    async rename(path: string, newPath: string, options: LockedOptions = {}) {
      const { fields, call } = split(options);
      const body = { ...fields, new_path: newPath };
      return (await request(`POST ${PAGE}/rename`, { ...call, params: { path }, body })).data;
    },

    /** Deletes a page; `recursive`: with its sub-pages and attachments. */
    async remove(path: string, options: LockedOptions & { recursive?: boolean | undefined } = {}) {
      const { recursive, ...write } = options;
      const { fields, call } = split(write);
      const body = { ...fields, ...given({ recursive }) };
      return (await request(`DELETE ${PAGE}`, { ...call, params: { path }, body })).data;
    },

    /** Gives a page the text that it had at a revision, also after it was deleted. */
    async restore(
      path: string,
      revision: string,
      options: WriteOptions & { expected?: string | undefined } = {},
    ) {
      const { expected, ...write } = options;
      const { fields, call } = split(write);
      const body = { ...fields, revision, ...given({ expected_revision: expected }) };
      return (await request(`POST ${PAGE}/restore`, { ...call, params: { path }, body })).data;
    },

    /** Makes up to 1,000 changes in one commit: all or none. */
    async batch(changes: readonly Change[], options: WriteOptions = {}) {
      const { fields, call } = split(options);
      return (await request('POST /api/v1/batch', { ...call, body: { ...fields, changes: [...changes] } }))
        .data;
    },

    /** Undoes a commit. @throws KittiwakeClientError `revert_conflict` */
    async revert(revision: string, options: WriteOptions = {}) {
      const { fields, call } = split(options);
      return (await request('POST /api/v1/revert', { ...call, body: { ...fields, revision } })).data;
    },
  };
}

/** The fields of the body that every write has, and how the call is made. */
export function split({ message, dryRun, revision, ...call }: LockedOptions) {
  return { fields: given({ commit_message: message, dry_run: dryRun, revision }), call };
}

/** What is not undefined. */
export function given<Fields extends object>(
  fields: Fields,
): { [Name in keyof Fields]?: Exclude<Fields[Name], undefined> } {
  const found = Object.entries(fields).filter(([, value]) => value !== undefined);
  return Object.fromEntries(found) as { [Name in keyof Fields]?: Exclude<Fields[Name], undefined> };
}
