import { type Answer, HttpConnection } from '../support/http-connection.ts';
import { API_KEY, type Served } from '../support/served.ts';

const HEADERS = { authorization: `Bearer ${API_KEY}`, 'content-type': 'application/json' };

/** One connection to a wiki. What it does not answer as wanted ends the benchmark. */
export class WikiClient {
  readonly #connection: HttpConnection;
  readonly #url: string;

  private constructor(connection: HttpConnection, url: string) {
    this.#connection = connection;
    this.#url = url;
  }

  static async open({ url }: Served): Promise<WikiClient> {
    return new WikiClient(await HttpConnection.open(url), url);
  }

  /** @param path behind `/api/v1` */
  async get(path: string, wanted = 200, headers: Readonly<Record<string, string>> = {}): Promise<Answer> {
    const answer = await this.#connection.ask({
      method: 'GET',
      path: `/api/v1${path}`,
      headers: { ...HEADERS, ...headers },
    });
    return this.#expect(answer, `GET ${path}`, wanted);
  }

  async send(method: string, path: string, body: string, wanted = 200): Promise<Answer> {
    const answer = await this.#connection.ask({ method, path: `/api/v1${path}`, headers: HEADERS, body });
    return this.#expect(answer, `${method} ${path}`, wanted);
  }

  close(): void {
    this.#connection.close();
  }

  #expect(answer: Answer, what: string, wanted: number): Answer {
    if (answer.status === wanted) return answer;
    const text = answer.body.toString().slice(0, 500);
    throw new Error(`${what} at ${this.#url} answers ${answer.status}, it must be ${wanted}: ${text}`);
  }
}

// biome-ignore lint/suspicious/noExplicitAny: answers are checked by those who look into them
export function parsed(answer: Answer): any {
  return JSON.parse(answer.body.toString());
}
