import { HttpConnection } from '../support/http-connection.ts';
import { apiPath, linkedText } from '../support/linked-wiki.ts';
import { revised } from '../support/page-text.ts';
import { API_KEY } from '../support/served.ts';

/** An update that the server acknowledged. */
export interface Acknowledged {
  page: number;
  /** Seed of the text that was sent. */
  seed: number;
  revision: string;
}

export interface Slice {
  /** Milliseconds of each request. */
  times: number[];
  seconds: number;
}

/** Many clients, each with a connection and a page of its own, each sending its next update when the last is answered. */
export class ClientLoad {
  readonly acknowledged: Acknowledged[] = [];
  readonly #count: number;
  readonly #clients: { connection: HttpConnection; page: number; revision: string }[];
  #seed = 5_000_000;

  private constructor(
    count: number,
    clients: { connection: HttpConnection; page: number; revision: string }[],
  ) {
    this.#count = count;
    this.#clients = clients;
  }

  /** @param pages numbers of the pages, one for each client */
  static async open(url: string, pages: readonly number[], count: number): Promise<ClientLoad> {
    const clients = await Promise.all(
      pages.map(async page => {
        const connection = await HttpConnection.open(url);
        const path = `/api/v1/pages/${apiPath(page, count)}`;
        const { body } = await connection.ask({ method: 'GET', path, headers: HEADERS });
        return { connection, page, revision: JSON.parse(body.toString()).revision as string };
      }),
    );
    return new ClientLoad(count, clients);
  }

  /** Everybody writes for so many milliseconds; requests under way are waited for. */
  async run(ms: number): Promise<Slice> {
    const times: number[] = [];
    const startMs = performance.now();
    await Promise.all(
      this.#clients.map(async client => {
        while (performance.now() - startMs < ms) await this.#update(client, times);
      }),
    );
    return { times, seconds: (performance.now() - startMs) / 1000 };
  }

  close(): void {
    for (const { connection } of this.#clients) connection.close();
  }

  async #update(client: { connection: HttpConnection; page: number; revision: string }, times: number[]) {
    this.#seed += 1;
    const seed = this.#seed;
    const { connection, page, revision } = client;
    const path = `/api/v1/pages/${apiPath(page, this.#count)}`;
    const body = JSON.stringify({ content: textOf(page, seed), revision });
    const sentMs = performance.now();
    const answer = await connection.ask({ method: 'PUT', path, headers: HEADERS, body });
    times.push(performance.now() - sentMs);
    if (answer.status !== 200) throw new Error(`PUT ${path} answers ${answer.status}: ${answer.body}`);
    client.revision = JSON.parse(answer.body.toString()).revision;
    this.acknowledged.push({ page, seed, revision: client.revision });
  }
}

const HEADERS = { authorization: `Bearer ${API_KEY}`, 'content-type': 'application/json' };

const templates = new Map<number, string>();

/** About 2 kB; made from one text for each page, because the clients share a processor with the server. */
export function textOf(page: number, seed: number): string {
  const template = templates.get(page) ?? linkedText(page, page + 1);
  templates.set(page, template);
  return revised(template, seed);
}
