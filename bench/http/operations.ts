import type { Answer, Ask } from '../support/http-connection.ts';
import { apiPath, BACK_LINKS, hubCount, isRare } from '../support/linked-wiki.ts';
import { COMMON_TERM, RARE_TERM, SHORT_TERM, seededRandom } from '../support/page-text.ts';
import { expectSame } from '../support/verify.ts';
import { parsed, type WikiClient } from './client.ts';
import type { ServedWiki } from './puts.ts';

/** One kind of request, and how its answer is told to be right. */
export interface Operation {
  what: string;
  /** Done before each request, outside the clock. */
  prepare?(): Promise<void>;
  ask(round: number): Promise<Answer>;
  check(answer: Answer): void;
  /** What a bare server is asked in its place, given the size of the answer. */
  bare(bytes: number): Ask;
}

/** Every kind of request that is measured. */
export function operationsOf(wiki: ServedWiki): Operation[] {
  const { client, count } = wiki;
  return [
    readPage(wiki),
    notModified(wiki),
    listed(client, '/pages', body => expectSame('the number of pages', body.total, count + hubCount(count))),
    listed(client, '/links', body => expectSame('that there are links', body.edges.length >= count, true)),
    listed(client, '/links/Hub-0', body =>
      expectSame('the number of back-links', body.linked_from.length, BACK_LINKS),
    ),
    ...searches(wiki),
    rename(client),
  ];
}

/** The first page that is edited: those before it link to hubs, and stay as they are. */
export function firstEdited(count: number): number {
  return hubCount(count) * BACK_LINKS;
}

function constantOf(bytes: number): Ask {
  return { method: 'GET', path: `/constant/${bytes}` };
}

function readPage({ client, count }: ServedWiki): Operation {
  const random = seededRandom(6);
  let path = '';
  return {
    what: 'GET page',
    ask: () => {
      path = apiPath(Math.floor(random() * count), count);
      return client.get(`/pages/${path}`);
    },
    check: answer => expectSame('the path of a page', parsed(answer).path, path),
    bare: constantOf,
  };
}

function notModified({ client, count }: ServedWiki): Operation {
  const random = seededRandom(7);
  let path = '';
  let etag = '';
  return {
    what: 'GET page, not modified',
    async prepare() {
      path = apiPath(Math.floor(random() * count), count);
      etag = (await client.get(`/pages/${path}`)).headers.get('etag') ?? '';
    },
    ask: () => client.get(`/pages/${path}`, 304, { 'if-none-match': etag }),
    check: answer => expectSame('the body of a 304', answer.body.length, 0),
    bare: () => ({ method: 'GET', path: '/status/304' }),
  };
}

// biome-ignore lint/suspicious/noExplicitAny: answers of any shape
function listed(client: WikiClient, path: string, checkBody: (body: any) => void): Operation {
  return {
    what: `GET ${path}`,
    ask: () => client.get(path),
    check: answer => checkBody(parsed(answer)),
    bare: constantOf,
  };
}

function searches({ client, count }: ServedWiki): Operation[] {
  const rare = Array.from({ length: count }, (_, index) => index).filter(isRare).length;
  const terms = [
    { what: 'a word on every page', term: COMMON_TERM, total: count + hubCount(count) },
    { what: 'a word on 1 page of 100', term: RARE_TERM, total: rare },
    { what: '2 characters, on 1 page of 100', term: SHORT_TERM, total: rare },
    { what: 'a word on no page', term: 'zzzzzz', total: 0 },
  ];
  return terms.map(({ what, term, total }) => ({
    ...listed(client, `/search?q=${term}`, body => expectSame(`hits of "${term}"`, body.total, total)),
    what: `search: ${what}`,
  }));
}

/** One hub gets another name in every round; the pages that link to it follow. */
function rename(client: WikiClient): Operation {
  let name = 'Hub-1';
  return {
    what: `rename with ${BACK_LINKS} back-links`,
    ask(round) {
      const from = name;
      name = `Renamed-${round}`;
      return client.send('POST', `/pages/${from}/rename`, JSON.stringify({ new_path: name }));
    },
    check: answer =>
      expectSame('the number of pages rewritten', parsed(answer).updated_pages.length, BACK_LINKS),
    bare: bytes => ({ method: 'PUT', path: `/durable/40000/${bytes}`, body: '{}' }),
  };
}
