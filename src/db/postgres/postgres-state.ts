import type { Kysely } from 'kysely';
import { isKittiwakeError } from '../../core/errors.ts';
import type { Runtime } from '../../core/runtime.ts';
import { type EnsureCounts, SchemaMemory, type SchemaMode } from '../ensure.ts';
import {
  databaseUnavailable,
  stateClosed,
  stateContention,
  stateUnknown,
  transactionImpure,
} from '../errors.ts';
import type { MigrationSet } from '../migration.ts';
import type { StateDatabase, StateStatus, StateWork } from '../state/state-database.ts';
import { isAbsent, isConflict, isLost, isSilence } from './failure.ts';
import { runLent } from './lent-state.ts';
import { PendingWrite } from './pending-write.ts';
import { PostgresSchema } from './schema.ts';
import type { PostgresServer } from './server.ts';

export interface PostgresStateOptions {
  /** Shared by all states of the process; closed by whoever made it. */
  server: PostgresServer;
  /** The schema in the server's database that holds this state alone: letters, digits and underscores. */
  schemaName: string;
  schema: MigrationSet;
  runtime: Runtime;
  /** Default `auto`. */
  schemaMode?: SchemaMode | undefined;
  /** Counts the checks of several handles together. Default: of this one alone. */
  ensureCounts?: EnsureCounts | undefined;
}

const WRITE_MS = 25_000;
const READ_MS = 10_000;
const FIRST_PAUSE_MS = 5;
const MAX_PAUSE_MS = 500;

/** Relational state in a schema of a PostgreSQL database. Connects to nothing yet. */
export function createPostgresState<T>(options: PostgresStateOptions): StateDatabase<T> {
  return new PostgresState<T>(options);
}

class PostgresState<T> implements StateDatabase<T> {
  readonly engine = 'postgres';
  readonly #options: PostgresStateOptions;
  readonly #schema: PostgresSchema;
  readonly #memory: SchemaMemory;
  #isThere = false;
  #isMade = false;
  #isClosed = false;

  constructor(options: PostgresStateOptions) {
    const { server, schemaName, schema, runtime, ensureCounts, schemaMode } = options;
    this.#options = options;
    this.#schema = new PostgresSchema(server, schemaName, schema, runtime);
    const assume = async () => {};
    const check = schemaMode === 'assume' ? assume : () => this.#schema.migrate();
    this.#memory = new SchemaMemory(check, ensureCounts, schemaMode);
  }

  read<R>(work: (state: Kysely<T>) => Promise<R>): Promise<R> {
    const { runtime, schema, server } = this.#options;
    return this.#persist(runtime.now() + READ_MS, async leftMs => {
      const isThere = await this.#findOut();
      if (isThere) await this.#memory.ensure(schema);
      const session = await server.borrow();
      try {
        if (isThere) await this.#schema.beginReading(session, leftMs());
        else if (!(await this.#schema.pretend(session))) return undefined;
        const loan = { location: this.#schema.location, leftMs };
        return { value: await runLent(session, loan, work) };
      } finally {
        await session.end();
      }
    });
  }

  write<R>(work: StateWork<T, R>, { deadlineMs }: { deadlineMs?: number } = {}): Promise<R> {
    const { runtime, server, schema } = this.#options;
    const write = new PendingWrite(this.#schema.name, work, runtime);
    const attempt = async (leftMs: () => number) => {
      await this.#memory.ensure(schema);
      const session = await server.borrow();
      return { value: await write.attempt(session, { location: this.#schema.location, leftMs }) };
    };
    const untilMs = deadlineMs ?? runtime.now() + WRITE_MS;
    return this.#persist(untilMs, attempt, () => write.isUnsettled);
  }

  async exists(): Promise<boolean> {
    const { runtime } = this.#options;
    const look = async () => ({ value: await this.#findOut() });
    return this.#persist(runtime.now() + READ_MS, look);
  }

  async status(): Promise<StateStatus> {
    const [plan, exists] = [await this.#schema.plan(), await this.#schema.exists()];
    const { location } = this.#schema;
    return { ...plan, location, exists, ...(exists ? { bytes: await this.#schema.bytes() } : {}) };
  }

  migrate(): Promise<readonly string[]> {
    return this.#schema.migrate();
  }

  async close(): Promise<void> {
    this.#isClosed = true;
  }

  /** Asks until it is there: nobody takes it away again. */
  async #findOut(): Promise<boolean> {
    this.#isThere ||= await this.#schema.exists();
    return this.#isThere;
  }

  /**
   * Tries until the deadline, as long as another try may succeed: the server is being started again, or another transaction
   * was in the way.
   */
  async #persist<R>(
    untilMs: number,
    attempt: (leftMs: () => number) => Promise<{ value: R } | undefined>,
    isUnsettled = () => false,
  ): Promise<R> {
    const { runtime } = this.#options;
    const leftMs = () => Math.max(1, untilMs - runtime.now());
    for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(pauseMs * 2, MAX_PAUSE_MS)) {
      if (this.#isClosed) throw stateClosed(this.#schema.location);
      try {
        const done = await attempt(leftMs);
        if (done) return done.value;
      } catch (error) {
        const isOver = runtime.now() + pauseMs >= untilMs;
        if (isOver || !(await this.#mayGoAgain(error))) throw this.#told(error, isUnsettled());
      }
      await runtime.sleep(pauseMs * (0.5 + runtime.random()));
    }
  }

  /** What was assumed and is not there is made, once. */
  async #mayGoAgain(error: unknown): Promise<boolean> {
    if (isLost(error) || isConflict(error)) return true;
    if (!isAbsent(error) || this.#options.schemaMode !== 'assume' || this.#isMade) return false;
    this.#isMade = true;
    await this.#schema.migrate();
    return true;
  }

  #told(error: unknown, isUnsettled: boolean): unknown {
    const { location } = this.#schema;
    if (isUnsettled) return stateUnknown(location, error);
    if (isSilence(error)) return transactionImpure(location);
    if (isConflict(error)) return stateContention(location, 1_000);
    if (isKittiwakeError(error)) return error;
    return isLost(error) || isAbsent(error) ? databaseUnavailable(location, error) : error;
  }
}
