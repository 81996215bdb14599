import { randomUUID } from 'node:crypto';
import type { SQSEvent } from 'aws-lambda';
import { type BatchOutcome, failedIds } from './batch-answer.ts';
import { sqsEvent } from './events.ts';
import { MAX_ASYNCHRONOUS_BYTES } from './limits.ts';

export interface QueueOptions {
  /** The function that the messages are for; what it throws fails the batch. */
  invoke(event: SQSEvent): Promise<BatchOutcome>;
  /** Messages in an event at most; default: 10. */
  batchSize?: number;
  /** How long a message that was received is hidden: it comes back after that unless it was dealt with. Default: 30,000. */
  visibilityTimeoutMs?: number;
  /**
   * When a message that failed comes back, counted from the end of its event, in place of the rest of its visibility timeout: for
   * tests that do not wait. Default: as on the platform.
   */
  retryDelayMs?: number;
  /** Received that often, a message goes to the dead letters; default: never. */
  maxReceiveCount?: number;
  /** Events at a time; at least 2, as on the platform, which is the default. */
  maxConcurrency?: number;
  /** `ReportBatchItemFailures`: the answer tells which messages failed. Default: false. */
  reportsItemFailures?: boolean;
  /** Which message is received first, of those that wait; default: `oldest`. */
  first?: 'oldest' | 'newest';
  /** Whether messages are received from the start; default: true. */
  isEnabled?: boolean;
}

/** A message that waits or is being dealt with. */
export interface QueueMessage {
  readonly messageId: string;
  readonly body: string;
  readonly sentAtMs: number;
  receiveCount: number;
  firstReceivedAtMs: number;
  /** `Date.now()` before which nobody receives it. */
  hiddenUntilMs: number;
}

/**
 * A standard queue and the event source mapping that feeds a function from it, in this process. Delivered at least once and in no
 * order to rely on. To be stopped.
 */
export class Queue {
  readonly #options: QueueOptions;
  readonly #messages = new Set<QueueMessage>();
  readonly #deadLetters: QueueMessage[] = [];
  readonly #batches = new Set<Promise<void>>();
  #watchers: (() => void)[] = [];
  #timer: NodeJS.Timeout | undefined;
  #isEnabled: boolean;

  constructor(options: QueueOptions) {
    const { maxConcurrency = 2, isEnabled = true } = options;
    if (maxConcurrency < 2) {
      throw new RangeError(`Cannot feed ${maxConcurrency} functions from a queue: at least 2`);
    }
    this.#options = options;
    this.#isEnabled = isEnabled;
  }

  /** What was received too often. */
  get deadLetters(): readonly QueueMessage[] {
    return this.#deadLetters;
  }

  /** Messages that wait or are being dealt with. */
  get size(): number {
    return this.#messages.size;
  }

  /**
   * Puts a message in; answers its id.
   * @param copies how often the queue delivers it, with one id; default: 1
   * @throws RangeError when it is too large
   */
  send(body: string, copies = 1): string {
    const bytes = Buffer.byteLength(body);
    if (bytes > MAX_ASYNCHRONOUS_BYTES) {
      throw new RangeError(`Cannot send: the message has ${bytes} bytes, at most ${MAX_ASYNCHRONOUS_BYTES}`);
    }
    const messageId = randomUUID();
    const state = { receiveCount: 0, firstReceivedAtMs: 0, hiddenUntilMs: 0 };
    for (let copy = 0; copy < copies; copy += 1) {
      this.#messages.add({ messageId, body, sentAtMs: Date.now(), ...state });
    }
    this.#pollIn(0);
    return messageId;
  }

  /** From now on messages are received. */
  enable(): void {
    this.#isEnabled = true;
    this.#pollIn(0);
  }

  /** Resolves when every message was dealt with or is a dead letter. */
  settled(): Promise<void> {
    if (this.#messages.size === 0) return Promise.resolve();
    return new Promise(resolve => this.#watchers.push(resolve));
  }

  /** Receives nothing any more; resolves when the events under way are over. */
  async stop(): Promise<void> {
    this.#isEnabled = false;
    clearTimeout(this.#timer);
    await Promise.all(this.#batches);
  }

  #pollIn(delayMs: number): void {
    clearTimeout(this.#timer);
    if (this.#isEnabled) this.#timer = setTimeout(() => this.#poll(), delayMs);
  }

  #poll(): void {
    const { maxConcurrency = 2 } = this.#options;
    while (this.#batches.size < maxConcurrency) {
      const batch = this.#receive();
      if (batch.length === 0) break;
      const work = this.#handOver(batch).finally(() => {
        this.#batches.delete(work);
        this.#pollIn(0);
      });
      this.#batches.add(work);
    }
    const waiting = [...this.#messages]
      .map(({ hiddenUntilMs }) => hiddenUntilMs)
      .filter(at => at > Date.now());
    if (waiting.length > 0) this.#pollIn(Math.min(...waiting) - Date.now() + 1);
  }

  #receive(): QueueMessage[] {
    const { batchSize = 10, first = 'oldest', visibilityTimeoutMs = 30_000 } = this.#options;
    const now = Date.now();
    this.#giveUp(now);
    const visible = [...this.#messages].filter(({ hiddenUntilMs }) => hiddenUntilMs <= now);
    const batch = (first === 'oldest' ? visible : visible.toReversed()).slice(0, batchSize);
    for (const message of batch) {
      message.receiveCount += 1;
      message.firstReceivedAtMs ||= now;
      message.hiddenUntilMs = now + visibilityTimeoutMs;
    }
    return batch;
  }

  #giveUp(now: number): void {
    const { maxReceiveCount = Number.POSITIVE_INFINITY } = this.#options;
    for (const message of this.#messages) {
      if (message.hiddenUntilMs > now || message.receiveCount < maxReceiveCount) continue;
      this.#deadLetters.push(message);
      this.#remove(message);
    }
  }

  async #handOver(batch: readonly QueueMessage[]): Promise<void> {
    const { retryDelayMs } = this.#options;
    const ids = batch.map(({ messageId }) => messageId);
    const failed = await this.#failedOf(ids, sqsEvent(batch));
    for (const message of batch) {
      if (!failed.has(message.messageId)) this.#remove(message);
      else if (retryDelayMs !== undefined) message.hiddenUntilMs = Date.now() + retryDelayMs;
    }
  }

  async #failedOf(ids: readonly string[], event: SQSEvent): Promise<ReadonlySet<string>> {
    const { invoke, reportsItemFailures = false } = this.#options;
    try {
      return failedIds(ids, await invoke(event), reportsItemFailures);
    } catch {
      return new Set(ids);
    }
  }

  #remove(message: QueueMessage): void {
    this.#messages.delete(message);
    if (this.#messages.size > 0) return;
    for (const watcher of this.#watchers.splice(0)) watcher();
  }
}
