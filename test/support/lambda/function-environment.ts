import { randomBytes, randomUUID } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Exchange } from './exchange.ts';
import { exited, type FunctionError, timedOut } from './function-error.ts';
import { FUNCTION_REGION, type FunctionDefinition } from './function-process.ts';
import { type InvocationReport, type InvokeResult, type OpenInvocation, resultOf } from './invocation.ts';
import { MAX_EVENT_BYTES } from './limits.ts';
import { LogFile } from './log-file.ts';
import { RuntimeSession } from './runtime-session.ts';

export interface EnvironmentOptions {
  /** Whether the process is stopped (SIGSTOP) while it has no event, as on the platform. Default: true. */
  freezes?: boolean;
}

/** An event under way. */
interface Delivery {
  exchange: Exchange;
  session: RuntimeSession | undefined;
  deliveredAtMs: number;
  /** `performance.now()` at which the function's time is over. */
  endsAtMs: number;
}

const ARN = `arn:aws:lambda:${FUNCTION_REGION}:123456789012:function`;
const DEFAULT_TIMEOUT_MS = 3000;
const DEFAULT_INIT_TIMEOUT_MS = 10_000;

/**
 * One execution environment of a function, with one process at a time, which starts with the first event or with `init`: one event
 * at a time, a deadline, frozen in between. After a timeout, an exit or a failed init the next event has a new process,
 * whose init is part of the invocation. To be stopped.
 */
export class FunctionEnvironment {
  readonly #definition: FunctionDefinition;
  readonly #freezes: boolean;
  readonly #folder = mkdtempSync(join(tmpdir(), 'kittiwake-lambda-'));
  readonly #log = new LogFile(join(this.#folder, 'log'));
  #session: RuntimeSession | undefined;
  #isFresh = true;
  #isNew = false;
  #isBusy = false;
  #isStopped = false;
  #completed: Promise<unknown> | undefined;

  constructor(definition: FunctionDefinition, { freezes = true }: EnvironmentOptions = {}) {
    this.#definition = definition;
    this.#freezes = freezes;
    mkdirSync(this.#temporary);
  }

  /** Of the process; undefined when there is none. */
  get pid(): number | undefined {
    return this.#session?.hasEnded === false ? this.#session.process.pid : undefined;
  }

  get isBusy(): boolean {
    return this.#isBusy;
  }

  /** The init phase ahead of any event; resolves with what went wrong. The first event then tries once more. */
  async init(): Promise<FunctionError | undefined> {
    const failure = await this.#startSession(randomUUID(), this.#initTimeoutMs);
    this.#isFresh = false;
    this.#session?.release();
    return failure;
  }

  /**
   * Hands an event over; resolves with the answer when it begins.
   * @throws RangeError when the event is too large for the platform
   */
  async open(event: unknown): Promise<OpenInvocation> {
    const bytes = Buffer.from(JSON.stringify(event));
    if (bytes.length > MAX_EVENT_BYTES) {
      throw new RangeError(`Cannot invoke: the event has ${bytes.length} bytes, at most ${MAX_EVENT_BYTES}`);
    }
    if (this.#isBusy) throw new Error('Cannot invoke: the environment has an event already');
    this.#isBusy = true;
    const requestId = randomUUID();
    const delivery = this.#deliver(requestId, bytes);
    const completed = delivery.then(each => this.#complete(each));
    this.#completed = completed.catch(() => {});
    const { exchange } = await delivery;
    return { requestId, ...(await exchange.opened), completed };
  }

  /** Hands an event over and waits for all of the answer. @throws RangeError as `open` does */
  async invoke(event: unknown): Promise<InvokeResult> {
    return await resultOf(await this.open(event));
  }

  /** Stops the process, also in the middle of an event. */
  freeze(): void {
    this.#session?.freeze();
  }

  thaw(): void {
    this.#session?.thaw();
  }

  /** Ends the process, also in the middle of an event. */
  async kill(): Promise<void> {
    await this.#session?.end();
    this.#session = undefined;
  }

  /** Makes another environment of this one: new process, empty `/tmp`. */
  async recycle(): Promise<void> {
    await this.kill();
    this.#isFresh = true;
    rmSync(this.#temporary, { recursive: true });
    mkdirSync(this.#temporary);
  }

  /** Ends the process and removes what it wrote; an event under way fails. */
  async stop(): Promise<void> {
    const isFirst = !this.#isStopped;
    this.#isStopped = true;
    await this.kill();
    await this.#completed;
    if (!isFirst) return;
    this.#log.close();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  get #temporary(): string {
    return join(this.#folder, 'tmp');
  }

  get #timeoutMs(): number {
    return this.#definition.timeoutMs ?? DEFAULT_TIMEOUT_MS;
  }

  get #initTimeoutMs(): number {
    return this.#definition.initTimeoutMs ?? DEFAULT_INIT_TIMEOUT_MS;
  }

  async #deliver(requestId: string, event: Buffer): Promise<Delivery> {
    const { failure, endsAtMs } = await this.#ensureSession(requestId);
    const session = this.#session;
    const deliveredAtMs = performance.now();
    if (session === undefined) {
      const exchange = new Exchange(requestId);
      exchange.fail(failure ?? exited(requestId, 'signal: killed'));
      return { exchange, session, deliveredAtMs, endsAtMs };
    }
    const deadlineMs = Math.round(Date.now() + endsAtMs - deliveredAtMs);
    const functionArn = `${ARN}:${this.#definition.name ?? 'function'}`;
    const exchange = session.deliver({ requestId, event, deadlineMs, functionArn, traceId: newTraceId() });
    return { exchange, session, deliveredAtMs, endsAtMs };
  }

  /** Init has a time of its own, but not where it is repeated: then it takes from the function's. */
  async #ensureSession(requestId: string): Promise<{ failure: FunctionError | undefined; endsAtMs: number }> {
    let failure: FunctionError | undefined;
    if (this.pid === undefined && this.#isFresh) {
      this.#isFresh = false;
      failure = await this.#startSession(requestId, this.#initTimeoutMs);
    }
    const endsAtMs = performance.now() + this.#timeoutMs;
    if (this.pid === undefined) failure = await this.#startSession(requestId, this.#timeoutMs);
    return { failure, endsAtMs };
  }

  async #startSession(requestId: string, limitMs: number): Promise<FunctionError | undefined> {
    await this.kill();
    const place = { temporary: this.#temporary, logDescriptor: this.#log.descriptor, freezes: this.#freezes };
    this.#session = await RuntimeSession.start(this.#definition, place);
    this.#isNew = true;
    if (this.#isStopped) await this.kill();
    const failure = await this.#session?.ready(requestId, limitMs);
    if (failure !== undefined) await this.kill();
    return failure;
  }

  async #complete({ exchange, session, deliveredAtMs, endsAtMs }: Delivery): Promise<InvocationReport> {
    const timer = setTimeout(
      () => {
        exchange.fail(timedOut(exchange.requestId, this.#timeoutMs));
        session?.process.kill();
      },
      Math.max(1, endsAtMs - performance.now()),
    );
    const { error, atMs } = await exchange.ended;
    await session?.settled();
    clearTimeout(timer);
    if (session?.hasEnded && session === this.#session) await this.kill();
    const first = this.#isNew ? session : undefined;
    this.#isNew = false;
    this.#isBusy = false;
    return {
      requestId: exchange.requestId,
      error,
      initMs: first?.initMs,
      sinceStartMs: first === undefined ? undefined : atMs - first.process.spawnedAtMs,
      durationMs: session === undefined ? 0 : atMs - deliveredAtMs,
      log: this.#log.takeLines(),
    };
  }
}

function newTraceId(): string {
  const seconds = Math.floor(Date.now() / 1000).toString(16);
  const [root, parent] = [randomBytes(12).toString('hex'), randomBytes(8).toString('hex')];
  return `Root=1-${seconds}-${root};Parent=${parent};Sampled=0`;
}
