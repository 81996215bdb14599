import type { Endpoint, ItemOf } from './endpoint.ts';
import type { Endpoints } from './endpoints.ts';
import type { CallOptions, Requester } from './request.ts';
import { pause } from './retry.ts';

type QueryOf<E extends Endpoint> = Endpoints[E] extends { query?: infer Query }
  ? Omit<NonNullable<Query>, 'cursor'>
  : never;

export type PageSummary = ItemOf<Endpoints['GET /api/v1/pages']['answer']['pages']>;
export type Commit = ItemOf<Endpoints['GET /api/v1/pages/{path}/history']['answer']['history']>;
export type WikiCommit = ItemOf<Endpoints['GET /api/v1/changelog']['answer']['entries']>;
export type WikiEvent = ItemOf<Endpoints['GET /api/v1/changes']['answer']['events']>;
export type Hit = { name: string; path: string; score: number; snippet: string };
export type AttachmentSummary = ItemOf<
  Endpoints['GET /api/v1/pages/{path}/attachments']['answer']['attachments']
>;

export interface ChangesOptions extends CallOptions {
  /** Id of the last event that was seen; `start`: from the first commit on. Default: the newest events. */
  since?: string | undefined;
  /** Goes on for ever, asking again after so many milliseconds when there is nothing new; end it by `signal`. */
  everyMs?: number | undefined;
}

/** One answer of several that make a list. */
interface Slice<Item> {
  items: readonly Item[];
  /** Where the next one begins; undefined: this was the last. */
  next: string | undefined;
}

/** Lists, as iterators: the next answer is asked for when the one before was taken. `limit` is of one answer. */
export function listCalls({ request }: Requester) {
  return {
    /** Pages by file name. */
    pages(query: QueryOf<'GET /api/v1/pages'> = {}, options: CallOptions = {}): AsyncGenerator<PageSummary> {
      return follow(async cursor => {
        const { data } = await request('GET /api/v1/pages', { ...options, query: { ...query, ...cursor } });
        return { items: data.pages, next: data.next_cursor };
      });
    },

    /** Commits that touched a page, the newest first. */
    history(path: string, options: CallOptions & { limit?: number } = {}): AsyncGenerator<Commit> {
      const { limit = 1000, ...call } = options;
      return follow(async cursor => {
        const asked = { ...call, params: { path }, query: { limit, ...cursor } };
        const { data } = await request('GET /api/v1/pages/{path}/history', asked);
        return { items: data.history, next: data.next_cursor };
      });
    },

    /** Commits of the wiki, the newest first. */
    changelog(options: CallOptions & { limit?: number } = {}): AsyncGenerator<WikiCommit> {
      const { limit = 50, ...call } = options;
      return follow(async cursor => {
        const { data } = await request('GET /api/v1/changelog', { ...call, query: { limit, ...cursor } });
        return { items: data.entries, next: data.next_cursor };
      });
    },

    /** Attachments of a page by name. */
    attachments(path: string, options: CallOptions = {}): AsyncGenerator<AttachmentSummary> {
      return follow(async query => {
        const asked = { ...options, params: { path }, query };
        const { data } = await request('GET /api/v1/pages/{path}/attachments', asked);
        return { items: data.attachments, next: data.next_cursor };
      });
    },

    /** Pages with the words, the best first. */
    search(q: string, options: CallOptions & { limit?: number } = {}): AsyncGenerator<Hit> {
      const { limit, ...call } = options;
      return follow(async cursor => {
        const query = { q, ...(limit === undefined ? {} : { limit }), ...cursor };
        const { data } = await request('GET /api/v1/search', { ...call, query });
        return { items: data.results as Hit[], next: data.next_cursor };
      });
    },

    /** What happened, oldest first. Who goes on from the id of the last event misses nothing and gets nothing twice. */
    async *changes({ since, everyMs, ...options }: ChangesOptions = {}): AsyncGenerator<WikiEvent> {
      let query: { since?: string } = since === undefined ? {} : { since };
      for (;;) {
        const { data } = await request('GET /api/v1/changes', { ...options, query });
        yield* data.events;
        query = { since: data.cursor };
        if (data.more) continue;
        if (everyMs === undefined) return;
        await pause(everyMs, options.signal);
      }
    },
  };
}

async function* follow<Item>(
  ask: (cursor: { cursor?: string }) => Promise<Slice<Item>>,
): AsyncGenerator<Item> {
  let cursor = {};
  for (;;) {
    const { items, next } = await ask(cursor);
    yield* items;
    if (next === undefined) return;
    cursor = { cursor: next };
  }
}
