import { Pool, type PoolClient, types } from 'pg';
import type { Runtime } from '../../core/runtime.ts';
import { databaseUnavailable } from '../errors.ts';
import { Session } from './session.ts';

export interface PostgresServerOptions {
  /** With user and password; TLS as its `sslmode` says. */
  url: string;
  /** Of this process, for all wikis together. Default 10. */
  maxConnections?: number;
  runtime: Pick<Runtime, 'now'>;
}

/** A server, with the connections to it: made when they are needed, and few. */
export interface PostgresServer {
  /** For people: host, port and database. */
  readonly location: string;
  /**
   * A connection for one transaction; to be ended.
   * @throws KittiwakeError `database_unavailable`, after 5 s at most
   */
  borrow(): Promise<Session>;
  /** Resolves when the transactions under way have ended. Calling it again does nothing. */
  close(): Promise<void>;
}

const CONNECT_MS = 5_000;
/** A connection unused for longer is not tried: a function that was frozen has lost it. */
const MAX_IDLE_MS = 10_000;

/** Connects to nothing yet. Connections that nobody uses do not keep the process from ending. */
export function createPostgresServer(options: PostgresServerOptions): PostgresServer {
  const { url, maxConnections = 10, runtime } = options;
  const pool = new Pool({
    connectionString: url,
    max: maxConnections,
    application_name: 'kittiwake',
    connectionTimeoutMillis: CONNECT_MS,
    idleTimeoutMillis: MAX_IDLE_MS,
    allowExitOnIdle: true,
    keepAlive: true,
    types: { getTypeParser },
  });
  // A connection that broke while nobody used it has left the pool already.
  pool.on('error', () => {});
  const location = locationOf(url);
  const usedMs = new WeakMap<PoolClient, number>();
  const connect = async () => {
    try {
      return await pool.connect();
    } catch (cause) {
      throw databaseUnavailable(location, cause);
    }
  };
  let closing: Promise<void> | undefined;
  return {
    location,
    async borrow() {
      for (;;) {
        const client = await connect();
        const idleMs = runtime.now() - (usedMs.get(client) ?? runtime.now());
        if (idleMs <= MAX_IDLE_MS) return new Session(client, () => usedMs.set(client, runtime.now()));
        client.release(true);
      }
    },
    close: () => {
      closing ??= pool.end();
      return closing;
    },
  };
}

/** By the type's number: `bool`, `int8` and `numeric` are numbers, as they are in SQLite. */
const NUMBERS = new Map<number, (text: string) => number>([
  [16, text => Number(text === 't')],
  [20, Number],
  [1700, Number],
]);

const getTypeParser: typeof types.getTypeParser = (type: number, format?: 'text' | 'binary') =>
  (format !== 'binary' && NUMBERS.get(type)) || types.getTypeParser(type, format as 'text');

function locationOf(url: string): string {
  const { hostname, port, pathname, searchParams } = new URL(url);
  const host = searchParams.get('host') ?? hostname;
  return `postgres://${host}:${port === '' ? '5432' : port}${pathname}`;
}
