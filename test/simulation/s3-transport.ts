import type { HttpAnswer, HttpRequest, TransportFailure } from '../../src/storage/s3/transport.ts';
import { type Faults, LATE_MAX_MS } from './faults.ts';
import type { FaultyStoreOptions } from './faulty-store.ts';
import { answerS3, type S3Profile, s3Error } from './s3-service.ts';

const GIVE_UP_MS = 10_000;

/** What the sender of a request hears. */
type Outcome = HttpAnswer | TransportFailure;

export interface S3TransportOptions extends FaultyStoreOptions {
  profile: S3Profile;
  /** The class of failures that the backend knows. */
  Failure: typeof TransportFailure;
  onSend: (request: HttpRequest) => void;
}

/**
 * The network between one process and a simulated S3, and what S3 itself does wrong. A request takes effect whether or not
 * the process is still there to hear of it, up to an hour later.
 */
export class S3Transport {
  readonly #options: S3TransportOptions;

  constructor(options: S3TransportOptions) {
    this.#options = options;
  }

  async send(request: HttpRequest): Promise<HttpAnswer> {
    this.#options.onSend(request);
    const faults = this.#options.faults();
    const outcome = await (request.method === 'PUT'
      ? this.#put(request, faults)
      : this.#read(request, faults));
    if (outcome instanceof Error) throw outcome;
    return outcome;
  }

  /** Requests that may be repeated freely: reads, listings, deletions. */
  #read(request: HttpRequest, faults: Faults): Promise<Outcome> {
    const effect = this.#effectOf(request);
    if (!this.#chance(faults.getFails)) return this.#exchange(faults, effect);
    const happened = this.#chance(0.5);
    return this.#exchange(faults, () => {
      if (happened) effect();
      return this.#failure();
    });
  }

  #put(request: HttpRequest, faults: Faults): Promise<Outcome> {
    const effect = this.#effectOf(request);
    const { 'if-match': ifMatch, 'if-none-match': ifNoneMatch } = request.headers;
    const isConditional = ifMatch !== undefined || ifNoneMatch !== undefined;
    if (this.#chance(faults.putRefused)) return this.#exchange(faults, () => this.#refusal());
    if (this.#chance(faults.putLost)) return this.#exchange(faults, () => this.#failure());
    if (this.#chance(faults.putUnanswered)) return this.#exchange(faults, () => effect() && this.#failure());
    if (this.#chance(faults.putLate)) return this.#late(faults, effect, this.#failure());
    if (this.#chance(faults.putDoubled)) return this.#doubled(faults, effect);
    if (!isConditional) return this.#exchange(faults, effect);
    if (this.#chance(faults.putConcurrent)) return this.#exchange(faults, () => this.#conflict());
    if (this.#chance(faults.putConcurrentLate)) return this.#late(faults, effect, this.#conflict());
    return this.#exchange(faults, effect);
  }

  #effectOf(request: HttpRequest): () => HttpAnswer {
    const { cloud, process, profile } = this.#options;
    const racingSinceMs = this.#chance(0.3) ? process.nowMs : Number.POSITIVE_INFINITY;
    return () => answerS3(cloud, profile, request, racingSinceMs);
  }

  #late(faults: Faults, effect: () => HttpAnswer, told: Outcome): Promise<Outcome> {
    const { scheduler, process } = this.#options;
    const latestMs = process.prng.pick([100, 2_000, 30_000, LATE_MAX_MS]);
    scheduler.after(process.prng.between(0, latestMs), effect);
    return this.#exchange(faults, () => told);
  }

  #doubled(faults: Faults, effect: () => HttpAnswer): Promise<Outcome> {
    const { scheduler, process } = this.#options;
    if (this.#chance(0.5)) {
      scheduler.after(process.prng.between(0, 2_000), effect);
      return this.#exchange(faults, effect);
    }
    return this.#exchange(faults, () => {
      effect();
      return effect();
    });
  }

  /** The other side acts at one moment; the answer is heard later, or never. */
  #exchange(faults: Faults, act: () => Outcome): Promise<Outcome> {
    const { scheduler, process, Failure } = this.#options;
    return new Promise(resolve => {
      scheduler.after(this.#oneWayMs(faults), () => {
        const outcome = act();
        if (!this.#chance(faults.unheard))
          return process.deliver(this.#oneWayMs(faults), () => resolve(outcome));
        const failure = new Failure(`no answer for ${GIVE_UP_MS} ms`, true);
        return process.deliver(GIVE_UP_MS, () => resolve(failure));
      });
    });
  }

  /** Tells nothing of whether anything happened. */
  #failure(): Outcome {
    const { process, Failure } = this.#options;
    return process.prng.pick([
      new Failure('ECONNRESET', true),
      s3Error(500, 'InternalError'),
      s3Error(503, 'SlowDown'),
    ]);
  }

  /** Nothing happened, and the other side, or the network, says so. */
  #refusal(): Outcome {
    const { process, Failure } = this.#options;
    return process.prng.pick([
      new Failure('ECONNREFUSED', false),
      s3Error(400, 'InvalidRequest'),
      s3Error(400, 'RequestTimeout'),
    ]);
  }

  /** Told although nothing happened, as far as the sender can know. */
  #conflict(): Outcome {
    const isRace = this.#chance(0.7);
    return isRace ? s3Error(409, 'ConditionalRequestConflict') : s3Error(412, 'PreconditionFailed');
  }

  #oneWayMs(faults: Faults): number {
    const { prng } = this.#options.process;
    if (prng.chance(faults.slow)) return prng.between(0, faults.slowMs);
    return prng.between(...faults.latencyMs);
  }

  #chance(probability: number): boolean {
    return probability > 0 && this.#options.process.prng.chance(probability);
  }
}
