/**
 * Requests and responses as plain values. The Web's `Request`, `Response` and `Headers` are not used: their first use
 * loads undici, 20 ms of every cold start.
 */

export interface HttpRequest {
  /** Upper case. */
  method: string;
  /** As sent, still percent-encoded, without the query; begins with `/`. */
  path: string;
  /** As sent, without the `?`; empty when there is none. */
  query: string;
  /** Names in lower case; repeated fields joined by `, `. */
  headers: Readonly<Record<string, string>>;
  /** Not read before the caller is authenticated. */
  body: Uint8Array | AsyncIterable<Uint8Array>;
  /** What the platform calls it, for the log. Default: random. */
  id?: string;
  /** When the caller stops waiting, in runtime milliseconds. */
  deadlineMs?: number;
  /** IP address at the other end of the connection: of the caller, or of whoever stands in front. */
  peerAddress?: string;
}

export interface HttpResponse {
  status: number;
  /** Names in lower case. `content-length` is set by whoever sends it. */
  headers: Record<string, string>;
  body: string | Uint8Array | AsyncIterable<Uint8Array>;
}

/** What a server (node:http, Lambda, a test) talks to. It never rejects: every failure is a response. */
export interface App {
  handle(request: HttpRequest): Promise<HttpResponse>;
}

/** A JSON answer: compact, UTF-8, with a final newline. */
export function json(status: number, value: unknown, headers: Record<string, string> = {}): HttpResponse {
  return {
    status,
    headers: { 'content-type': 'application/json', ...headers },
    body: `${JSON.stringify(value)}\n`,
  };
}
