import type { PoolClient, QueryResult } from 'pg';

/** How much longer than the server the client waits for it to give up by itself. */
const GRACE_MS = 500;
const ROLLBACK_MS = 5_000;

/** A connection that was borrowed for one transaction. */
export class Session {
  readonly #client: PoolClient;
  readonly #released: () => void;
  #isOpen = false;
  #isBroken = false;
  #tellEnd: (error: Error) => void = () => {};

  /** Resolves with the reason when the server, or the network, ends the connection while nothing is asked of it. */
  readonly ended = new Promise<Error>(resolve => {
    this.#tellEnd = resolve;
  });

  /** @param released is called when it is given back sound */
  constructor(client: PoolClient, released: () => void) {
    this.#client = client;
    this.#released = released;
    client.on('error', this.#broken);
  }

  /**
   * Begins a transaction, with `begin` itself as the first of the statements, in one round trip. Resolves with the result of
   * the last.
   */
  async begin(statements: readonly string[], timeoutMs: number): Promise<QueryResult> {
    this.#isOpen = true;
    return this.script(statements, timeoutMs);
  }

  async commit(timeoutMs: number): Promise<void> {
    await this.query('commit', [], timeoutMs);
    this.#isOpen = false;
  }

  /** One statement. A server that does not answer for longer than `timeoutMs` fails it, and breaks the connection. */
  async query(text: string, parameters: readonly unknown[], timeoutMs: number): Promise<QueryResult> {
    const config = { text, values: [...parameters], query_timeout: timeoutMs + GRACE_MS };
    return this.#guarded(this.#client.query(config));
  }

  /** Several statements without parameters in one round trip. Resolves with the result of the last. */
  async script(statements: readonly string[], timeoutMs: number): Promise<QueryResult> {
    const config = { text: statements.join('; '), query_timeout: timeoutMs + GRACE_MS };
    // The driver's types know of one statement only.
    const results: QueryResult | QueryResult[] = await this.#guarded(this.#client.query(config));
    const last = Array.isArray(results) ? results.at(-1) : results;
    if (last === undefined) throw new TypeError('a script has at least one statement');
    return last;
  }

  /** Gives the connection back, without what was not committed; a broken one is closed. */
  async end(): Promise<void> {
    try {
      if (this.#isOpen && !this.#isBroken) await this.query('rollback', [], ROLLBACK_MS);
    } catch {
      this.#isBroken = true;
    }
    this.#client.off('error', this.#broken);
    if (!this.#isBroken) this.#released();
    this.#client.release(this.#isBroken);
  }

  readonly #broken = (error: Error) => {
    this.#isBroken = true;
    this.#tellEnd(error);
  };

  /** An error that the server itself has told, other than its last words, leaves the connection sound. */
  async #guarded<R>(sent: Promise<R>): Promise<R> {
    try {
      return await sent;
    } catch (error) {
      if (!(error instanceof Error && 'severity' in error && !isEnd(error))) this.#isBroken = true;
      throw error;
    }
  }
}

/** Class 57P: the server ends the connection. */
function isEnd(error: Error): boolean {
  return 'code' in error && typeof error.code === 'string' && /^(57P|25P03)/.test(error.code);
}
