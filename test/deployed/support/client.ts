import { API_KEY } from './assembly.ts';

export interface Reply {
  status: number;
  headers: Headers;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of any shape
  body: any;
}

/** A client of the API with its key, that tries everything once. */
export interface ApiClient {
  /** `path` without `/api/v1`; `body` becomes JSON, the answer is read as such. */
  call(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Reply>;
  /** With a body of any kind; redirects are not followed. */
  send(method: string, path: string, init?: RequestInit): Promise<Response>;
  /** Creates or replaces a page; resolves with its revision. */
  write(path: string, content: string): Promise<string>;
  /** Undefined when there is no such page. */
  text(path: string): Promise<string | undefined>;
}

export function apiClient(url: string): ApiClient {
  function send(method: string, path: string, { headers, ...init }: RequestInit = {}): Promise<Response> {
    const all = { authorization: `Bearer ${API_KEY}`, ...(headers as Record<string, string>) };
    return fetch(`${url}/api/v1${path}`, { method, redirect: 'manual', ...init, headers: all });
  }

  async function call(method: string, path: string, body?: unknown, headers: Record<string, string> = {}) {
    const init = body === undefined ? {} : { body: JSON.stringify(body) };
    const type = body === undefined ? {} : { 'content-type': 'application/json' };
    const response = await send(method, path, { ...init, headers: { ...type, ...headers } });
    const text = await response.text();
    return {
      status: response.status,
      headers: response.headers,
      body: text === '' ? undefined : JSON.parse(text),
    };
  }

  return {
    call,
    send,
    async write(path, content) {
      const known = await call('GET', `/pages/${path}`);
      const lock = known.status === 200 ? { revision: known.body.revision } : {};
      const { status, body } = await call('PUT', `/pages/${path}`, { content, ...lock });
      if (status >= 300) throw new Error(`a page is answered ${status}: ${JSON.stringify(body)}`);
      return body.revision;
    },
    async text(path) {
      const { status, body } = await call('GET', `/pages/${path}`);
      return status === 200 ? body.content : undefined;
    },
  };
}
