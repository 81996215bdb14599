import { createHash } from 'node:crypto';
import { OPERATOR } from '../../src/auth/principal.ts';
import { TokenService } from '../../src/auth/token/token-service.ts';
import { systemRuntime } from '../../src/core/runtime.ts';
import { mergeNewest } from '../../src/git/upkeep/merge.ts';
import { BucketWiki } from '../s3/bucket-wiki.ts';
import { functionEvent } from '../support/function-event.ts';
import { storeAt } from '../support/s3-store.ts';
import { API_KEY } from '../support/served.ts';
import type { ServerUnderTest } from '../support/server-under-test.ts';
import { expectSame } from '../support/verify.ts';

/** Where the page that is asked for is known from: the journal in the ledger, or a pack beside it. */
export type Place = 'journal' | 'pack';

/** What is sent to a function, and what is done with the body of its answer. */
export interface Request {
  /** Made when it is sent: a second write needs the revision that the first one made. */
  event(): object;
  /** @throws Error when the answer is not what it must be */
  check(body: string): void;
}

/** Writes after which the journal is flushed, so that it stays of one size. */
const FLUSH_AFTER = 24;
/** The page that the journal always knows. */
const JOURNAL_PAGE = 0;

/** A wiki in a bucket that many processes write, each once or twice. */
export class ColdWiki {
  readonly #server: ServerUnderTest;
  readonly #wiki: BucketWiki;
  readonly #token: string;
  #writes = 0;
  #sinceFlush = 0;

  static async make(server: ServerUnderTest, pages: number, kept: string | undefined): Promise<ColdWiki> {
    const wiki = await BucketWiki.make(server, { pages, layout: 'nested', bytes: 2_000 }, kept);
    const made = new ColdWiki(server, wiki, await makeToken(server, wiki));
    await made.#renewJournal();
    return made;
  }

  private constructor(server: ServerUnderTest, wiki: BucketWiki, token: string) {
    this.#server = server;
    this.#wiki = wiki;
    this.#token = token;
  }

  /** The variables of a function that has this wiki. @param endpoint of the server, or of something in front of it */
  environment(endpoint: string): Record<string, string> {
    const { bucket, region, accessKeyId, secretAccessKey } = this.#server.target;
    return {
      KITTIWAKE_STORE: `s3://${bucket}/${this.#wiki.prefix}`,
      KITTIWAKE_S3_ADDRESSING: 'path',
      KITTIWAKE_WIKI: this.#wiki.uuid,
      KITTIWAKE_API_KEY_SHA256: createHash('sha256').update(API_KEY).digest('hex'),
      AWS_ENDPOINT_URL_S3: endpoint,
      AWS_REGION: region,
      AWS_ACCESS_KEY_ID: accessKeyId,
      AWS_SECRET_ACCESS_KEY: secretAccessKey,
    };
  }

  async ledgerBytes(): Promise<number> {
    const store = storeAt(this.#server.target, this.#wiki.prefix);
    const found = await store.get(`ledger/${this.#wiki.uuid}`);
    if (found.kind !== 'found') throw new Error(`Reading the ledger fails: it is ${found.kind}`);
    return found.size;
  }

  /** A page to ask for next. Does what upkeep does where many were written since the last time. */
  async choose(place: Place): Promise<number> {
    if (this.#sinceFlush >= FLUSH_AFTER) await this.#renewJournal();
    // Never twice between two flushes, nor the page of the journal.
    return place === 'journal' ? JOURNAL_PAGE : 1 + (this.#writes % (this.#wiki.size.pages - 1));
  }

  read(page: number): Request {
    const { path } = this.#wiki.edit(page, 0);
    const check = (body: string) =>
      expectSame(`the page "${path}"`, JSON.parse(body).revision, this.#wiki.revisionOf(page));
    return { event: () => functionEvent('GET', `/api/v1/pages/${path}`), check };
  }

  write(page: number): Request {
    const edit = () => this.#wiki.edit(page, this.#writes);
    return {
      event: () => {
        this.#writes += 1;
        this.#sinceFlush += 1;
        const { path, content, revision } = edit();
        return functionEvent('PUT', `/api/v1/pages/${path}`, { content, revision });
      },
      check: body => this.#wiki.noteWritten(edit(), JSON.parse(body).revision),
    };
  }

  /** The same request, with a scoped token in place of the key. */
  withToken({ event, check }: Request): Request {
    const authorization = `Bearer ${this.#token}`;
    const changed = () => {
      const made = event() as ReturnType<typeof functionEvent>;
      return { ...made, headers: { ...made.headers, authorization } };
    };
    return { event: changed, check };
  }

  /** @throws Error when the newest text of the page of the journal is not there */
  async verify(): Promise<void> {
    await this.#wiki.expectWritten(JOURNAL_PAGE);
  }

  async #renewJournal(): Promise<void> {
    const { repository } = this.#wiki;
    await repository.flusher.flush();
    await mergeNewest(repository);
    this.#writes += 1;
    await this.#wiki.update(this.#wiki.edit(JOURNAL_PAGE, this.#writes));
    this.#sinceFlush = 0;
  }
}

/** One that may read and write pages. */
async function makeToken({ target }: ServerUnderTest, { uuid, prefix }: BucketWiki): Promise<string> {
  const tokens = new TokenService({
    ...{ store: storeAt(target, prefix), runtime: systemRuntime, wiki: uuid, retainPageNameCase: false },
    changed: () => {},
    audit: async () => ({ record: (_, effect) => effect() }),
  });
  return (await tokens.as(OPERATOR).create({ name: 'Bench', rights: ['write'] })).text;
}
