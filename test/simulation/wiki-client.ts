import { createHash } from 'node:crypto';
import { isKittiwakeError } from '../../src/core/errors.ts';
import { randomId } from '../../src/core/runtime.ts';
import type { LedgerRepository } from '../../src/git/open.ts';
import { createDescribe } from '../../src/wiki/markup/describe.ts';
import { DEFAULT_SETTINGS } from '../../src/wiki/settings.ts';
import type { Wiki } from '../../src/wiki/wiki.ts';
import type { SimulatedProcess } from './simulated-process.ts';
import { carryOut, simulatedWiki } from './simulated-wiki.ts';
import type { Action, Request, Try, WikiRecords, WikiShape } from './wiki-records.ts';
import type { Subject } from './wiki-subject.ts';
import { wishFor } from './wiki-wishes.ts';
import type { World } from './world.ts';

const POLICY = { minBytes: 2_000, minSwaps: 4, maxBytes: 20_000 };
/** Answers after which a client sends a request again that has an idempotency key. */
const OPEN = ['outcome_unknown', 'contention', 'deadline_exceeded', 'storage_failed', 'flush_failed'];

export interface ClientOptions {
  world: World;
  uuid: string;
  records: WikiRecords;
  shape: WikiShape;
  subject: Subject;
}

/** One process that works on the wiki: writers that share a repository. */
export class WikiClient {
  readonly process: SimulatedProcess;
  readonly repository: LedgerRepository;
  readonly #wiki: Wiki;
  readonly #options: ClientOptions;

  constructor(options: ClientOptions) {
    const { world, uuid, subject } = options;
    const { process, store } = world.spawn();
    const { runtime, prng } = process;
    this.process = process;
    this.#options = options;
    this.repository = subject.openRepository({
      store,
      uuid,
      runtime,
      describe: createDescribe(DEFAULT_SETTINGS),
      flush: prng.chance(0.8) ? POLICY : null,
      local: prng.chance(0.3),
      blockCacheBytes: prng.pick([0, 10_000, 1 << 20]),
    });
    this.#wiki = simulatedWiki({ repository: this.repository, runtime });
  }

  /** Writes `count` times with pauses for thought, and now and then repeats a request of anybody's. */
  async write(count: number, thinkMs: number): Promise<void> {
    const { prng, runtime } = this.process;
    for (let done = 0; done < count; done += 1) {
      await runtime.sleep(prng.between(0, thinkMs));
      const repeated = this.#pickRepeat();
      if (repeated === undefined) await this.#writeNew(false);
      else await this.send(repeated);
    }
  }

  /** All being well: every request that is open is carried out or refused, and so is a new one. */
  async finish(): Promise<void> {
    for (const request of this.#options.records.requests.filter(isOpen)) await this.send(request, 25_000);
    await this.#writeNew(true);
  }

  #pickRepeat(): Request | undefined {
    const { prng } = this.process;
    const keyed = this.#options.records.requests.filter(request => request.keyed);
    if (prng.chance(0.4)) {
      const open = keyed.filter(isOpen);
      if (open.length > 0) return prng.pick(open);
    }
    return keyed.length > 0 && prng.chance(0.1) ? prng.pick(keyed) : undefined;
  }

  async #writeNew(mustSucceed: boolean): Promise<void> {
    const { process } = this;
    const { records, shape } = this.#options;
    const id = randomId(process.runtime).slice(0, 12);
    const action: Action | undefined = mustSucceed
      ? { kind: 'put', path: `last/${id}`, content: `- ${id}\n` }
      : await wishFor(id, { wiki: this.#wiki, process, records, largeBlobs: shape.largeBlobs });
    if (action === undefined) return;
    const request = { id, action, keyed: process.prng.chance(0.4), mustSucceed, tries: [] };
    records.requests.push(request);
    await this.send(request, mustSucceed ? 25_000 : undefined);
    if (isOpen(request) && process.prng.chance(0.5)) await this.send(request);
  }

  async send(request: Request, patientMs?: number): Promise<void> {
    const { process } = this;
    const limitMs = patientMs ?? process.prng.pick([25_000, 25_000, 5_000, process.prng.between(0, 2_000)]);
    const attempt: Try = { process, askedMs: process.nowMs, limitMs };
    request.tries.push(attempt);
    const { id, action, keyed } = request;
    const hash = (text: string) => createHash('sha256').update(text).digest('hex');
    try {
      const { commit, replayed } = await carryOut(this.#wiki, action, {
        commitMessage: id,
        deadlineMs: process.runtime.now() + limitMs,
        ...(keyed ? { idempotency: { key: hash(id), fingerprint: hash(`body ${id}`) } } : {}),
      });
      attempt.said = commit === undefined ? 'kept' : 'applied';
      attempt.replayed = replayed;
      if (commit !== undefined) attempt.commit = commit;
    } catch (error) {
      if (!isKittiwakeError(error)) throw error;
      attempt.said = error.code;
    }
    attempt.answeredMs = process.nowMs;
  }
}

/** True when the client of a request with a key does not know what came of it. */
function isOpen({ keyed, tries }: Request): boolean {
  if (!keyed) return false;
  return tries.every(({ said, process }) => (said === undefined ? !process.alive : OPEN.includes(said)));
}
