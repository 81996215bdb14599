import { apiPath, linkedText } from '../support/linked-wiki.ts';
import { revised } from '../support/page-text.ts';
import { parsed, type WikiClient } from './client.ts';

/** Updates of pages under the revision lock, with no read before each: what was answered is remembered. */
export class RevisionBook {
  readonly #client: WikiClient;
  readonly #count: number;
  readonly #known = new Map<number, string>();
  #loaded = '';

  private constructor(client: WikiClient, count: number) {
    this.#client = client;
    this.#count = count;
  }

  /** All pages have the revision of the commit that brought them. */
  static async open(client: WikiClient, count: number): Promise<RevisionBook> {
    const book = new RevisionBook(client, count);
    book.#loaded = parsed(await client.get(`/pages/${apiPath(0, count)}`)).revision;
    return book;
  }

  /** An update that is ready to be sent. */
  update(index: number, number: number): PageUpdate {
    const content = revised(linkedText(index, this.#count), number);
    const revision = this.#known.get(index) ?? this.#loaded;
    const body = JSON.stringify({ content, revision });
    return { index, path: apiPath(index, this.#count), content, body };
  }

  /** Sends it; resolves with the size of the answer. */
  async send({ index, path, body }: PageUpdate): Promise<number> {
    const answer = await this.#client.send('PUT', `/pages/${path}`, body);
    this.#known.set(index, parsed(answer).revision);
    return answer.body.length;
  }
}

export interface PageUpdate {
  index: number;
  path: string;
  content: string;
  body: string;
}
