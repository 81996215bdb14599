import { type KittiwakeClientError, optionsInvalid } from './errors.ts';

/** Who is calling; at most one of the first three. */
export interface ClientOptions {
  /** Where the wiki is: `https://wiki.example.org`, or with the wiki's path behind it. */
  url: string;
  /** A token or JWT; a function is asked before each request. */
  token?: string | (() => string | Promise<string>);
  /** The key of the server. */
  key?: string;
  /** E-mail address and password of a user. */
  basic?: { user: string; password: string };
  /** Default: that of the platform. */
  fetch?: typeof globalThis.fetch;
  /** For one answer, its body included, in milliseconds; default 30,000. Uploads have a second more for each 100 kB. */
  timeoutMs?: number;
  /** For a call with all its repeats, in milliseconds; default 60,000. */
  deadlineMs?: number;
  /** How often a call that was surely not carried out is made again; default 4. */
  retries?: number;
  /** The longest wait before the first repeat, in milliseconds; it doubles up to 5,000. Default 200. */
  backoffMs?: number;
  /** Told before each wait. */
  onRetry?: (retry: Retry) => void;
}

export interface Retry {
  /** `PUT /api/v1/pages/{path}` */
  readonly endpoint: string;
  /** Attempts that were made. */
  readonly attempts: number;
  readonly waitMs: number;
  readonly error: KittiwakeClientError;
}

/** Options with nothing left open. */
export interface Settings {
  readonly baseUrl: string;
  readonly authorization: () => string | undefined | Promise<string>;
  readonly fetch: typeof globalThis.fetch;
  readonly timeoutMs: number;
  readonly deadlineMs: number;
  readonly retries: number;
  readonly backoffMs: number;
  readonly onRetry: (retry: Retry) => void;
}

/** @throws KittiwakeClientError `options_invalid` */
export function settle(options: ClientOptions): Settings {
  const { fetch = globalThis.fetch, onRetry = () => {} } = options;
  return {
    baseUrl: baseUrlOf(options.url),
    authorization: authorizationOf(options),
    // Browsers refuse to be called as a method of another object.
    fetch: (input, init) => fetch(input, init),
    timeoutMs: options.timeoutMs ?? 30_000,
    deadlineMs: options.deadlineMs ?? 60_000,
    retries: options.retries ?? 4,
    backoffMs: options.backoffMs ?? 200,
    onRetry,
  };
}

function baseUrlOf(text: string): string {
  const url = parseUrl(text);
  if (!/^https?:$/.test(url.protocol)) throw optionsInvalid('an http or https URL');
  if (url.username !== '' || url.password !== '')
    throw optionsInvalid('a URL without user name and password');
  if (/\/api\/v1\/*$/.test(url.pathname)) throw optionsInvalid('the URL of a wiki, without /api/v1');
  return `${url.origin}${url.pathname.replace(/\/+$/, '')}`;
}

/** The error of the platform would quote the text, which may hold a password. */
function parseUrl(text: string): URL {
  try {
    return new URL(text);
  } catch {
    throw optionsInvalid('an http or https URL');
  }
}

function authorizationOf({ token, key, basic }: ClientOptions): Settings['authorization'] {
  if ([token, key, basic].filter(each => each !== undefined).length > 1)
    throw optionsInvalid('only one of token, key and basic');
  if (typeof token === 'function') return async () => bearer(await token());
  const secret = token ?? key;
  const header = basic ? basicOf(basic) : secret === undefined ? undefined : bearer(secret);
  return () => header;
}

/** What is no header would be quoted by the error of the platform. */
function bearer(secret: string): string {
  if (!/^[\x21-\x7e]+$/.test(secret)) throw optionsInvalid('a token of printable ASCII characters');
  return `Bearer ${secret}`;
}

function basicOf({ user, password }: { user: string; password: string }): string {
  if (user.includes(':')) throw optionsInvalid('a user without a colon');
  const bytes = new TextEncoder().encode(`${user}:${password}`);
  return `Basic ${btoa(Array.from(bytes, byte => String.fromCharCode(byte)).join(''))}`;
}
