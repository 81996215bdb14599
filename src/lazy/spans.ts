import type { Runtime } from '../core/runtime.ts';
import type { S3Call } from '../storage/s3/client.ts';
import type { FunctionHost } from './function-host.ts';
import type { Span } from './tracing.ts';

/** Its header is undefined before the first invocation. */
type Gathered = Omit<Span, 'header'> & { header: string | undefined };

/** What is more in one invocation is left out. */
const MAX_SPANS = 1_000;

/** What came to an end longer before an invocation was not done for it: the environment was made in advance. */
const MAX_AHEAD_MS = 10_000;

/** Gathers what takes time until it is sent to X-Ray. What sends it is loaded with the first that is sent. */
export class Spans {
  readonly #host: FunctionHost;
  readonly #runtime: Runtime;
  #spans: Gathered[] = [];

  constructor(host: FunctionHost, runtime: Runtime) {
    this.#host = host;
    this.#runtime = runtime;
  }

  /** To be told of an initialisation when it is over. */
  addInitialisation(name: string, durationMs: number): void {
    this.#add(`init ${name}`, durationMs);
  }

  /** To be told of a call of the store when it is over. */
  addCall(call: S3Call): void {
    this.#add('S3', call.durationMs, call);
  }

  /** Resolves when everything is on its way to the daemon; never rejects. To be called before an answer. */
  async flush(): Promise<void> {
    const { traceDaemon: address } = this.#host;
    const spans = this.#take();
    if (spans.length === 0 || address === undefined) return;
    try {
      const { sendSpans } = await import('./tracing.ts');
      await sendSpans(spans, { address, runtime: this.#runtime });
    } catch {
      // A trace is not worth an answer.
    }
  }

  /** Those of invocations that are traced. */
  #take(): Span[] {
    const header = this.#host.traceHeader();
    const sinceMs = this.#runtime.now() - MAX_AHEAD_MS;
    const spans = this.#spans.flatMap(span => {
      const own = span.header ?? (span.endedMs >= sinceMs ? header : undefined);
      return isSampled(own) ? [{ ...span, header: own }] : [];
    });
    this.#spans = [];
    return spans;
  }

  #add(name: string, durationMs: number, call?: S3Call): void {
    const header = this.#host.traceHeader();
    if (this.#spans.length >= MAX_SPANS || (header !== undefined && !isSampled(header))) return;
    // Not from the start of the process: its clock may stand still while the function is frozen.
    const endedMs = this.#runtime.now();
    this.#spans.push({
      name,
      startedMs: endedMs - durationMs,
      endedMs,
      header,
      ...(call === undefined ? {} : { call }),
    });
  }
}

function isSampled(header: string | undefined): header is string {
  return header?.includes('Sampled=1') === true;
}
