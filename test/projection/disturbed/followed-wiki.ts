import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { OPERATOR } from '../../../src/auth/principal.ts';
import { principalOf } from '../../../src/auth/user/user.ts';
import { readConfig } from '../../../src/core/config.ts';
import { createLogger } from '../../../src/core/log.ts';
import { readProjectionSettings } from '../../../src/core/projection-config.ts';
import { type Runtime, systemRuntime } from '../../../src/core/runtime.ts';
import type { LedgerRepository } from '../../../src/git/open.ts';
import { lazy } from '../../../src/lazy/lazy.ts';
import { createObservation } from '../../../src/lazy/observation.ts';
import { createWikiHandles, type WikiHandles } from '../../../src/lazy/wiki-handles.ts';
import { HookTimes } from '../../../src/plugin/hook-times.ts';
import type { Plugins } from '../../../src/plugin/load.ts';
import { type Ran, runAll } from '../../../src/projection/run-all.ts';
import { createMemoryByteStore } from '../../../src/storage/memory.ts';
import { createDescribe } from '../../../src/wiki/markup/describe.ts';
import { DEFAULT_SETTINGS } from '../../../src/wiki/settings.ts';
import { Prng } from '../../simulation/prng.ts';
import { newRepository } from '../../support/repository.ts';
import { type Death, dyingStore } from './dying-store.ts';
import type { Receivers } from './receivers.ts';

export const UUID = '0123456789abcdef'.repeat(2);
const NEVER: Death = { of: '', call: Number.POSITIVE_INFINITY, lands: false };
const BEGIN_MS = 1_760_000_000_000;

/**
 * A wiki in memory with all its projections, whose clock stands still unless it is moved: the same commits, made one after the other,
 * have the same ids in each.
 */
export class FollowedWiki {
  readonly store;
  readonly folder = mkdtempSync(join(tmpdir(), 'kittiwake-followed-'));
  readonly #env: Record<string, string>;
  readonly #receivers: Receivers;
  #nowMs = BEGIN_MS;
  #processes = 0;

  constructor(env: Record<string, string>, receivers: Receivers) {
    this.#env = { KITTIWAKE_DATA: this.folder, ...receivers.env, ...env };
    this.#receivers = receivers;
    this.store = createMemoryByteStore({ runtime: this.#runtime(new Prng(0)) });
  }

  /** Whoever commits. Projections see what is committed in the store alone. */
  open(): Promise<LedgerRepository> {
    const describe = createDescribe(DEFAULT_SETTINGS);
    const runtime = this.#runtime(new Prng(1));
    return newRepository({ store: this.store, uuid: UUID, runtime, describe });
  }

  later(ms: number): void {
    this.#nowMs += ms;
  }

  /** The webhook is told of everything, and so is a user, who may read everything whatever the rules are. */
  async tell(): Promise<void> {
    const { handles } = this.#handles(NEVER, new Prng(2));
    const projections = await handles.projections();
    await (await projections.as(OPERATOR).webhooks()).create({ url: this.#receivers.url });
    const users = (await handles.users()).administeredBy(OPERATOR);
    const { user } = await users.create({ name: 'Ada', email: 'ada@example.org' });
    await (await projections.as(principalOf(user)).mails()).watches.add('');
    await handles.close();
  }

  /** Removes what nobody needs any more, as the schedule does. */
  async sweep(): Promise<void> {
    const { handles } = this.#handles(NEVER, new Prng(3));
    const newest = async () => (await handles.repository()).view({ maxAgeMs: 0 });
    const { list } = await handles.projections();
    for (const { sweep } of list) await sweep?.({ newest, deadlineMs: Number.POSITIVE_INFINITY });
    await handles.close();
  }

  /** One run in a process of its own, and what it came to. */
  async run(prng: Prng, death: Death = NEVER): Promise<readonly Ran[]> {
    const { handles, runtime } = this.#handles(death, prng);
    const newest = async () => (await handles.repository()).view({ maxAgeMs: 0 });
    try {
      const { list } = await handles.projections();
      return await runAll(list, { newest, deadlineMs: Number.POSITIVE_INFINITY }, runtime);
    } finally {
      await handles.close();
    }
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  #runtime(prng: Prng): Runtime {
    return {
      ...systemRuntime,
      now: () => this.#nowMs,
      random: () => prng.random(),
      randomBytes: count => Buffer.from(Array.from({ length: count }, () => prng.between(0, 256))),
    };
  }

  #plugins(): Plugins {
    const { afterEvents } = this.#receivers;
    return {
      list: [{ plugin: { name: 'teller', afterEvents }, source: 'teller' }],
      writeHooks: undefined,
      renderHooks: undefined,
      importGuard: undefined,
      times: new HookTimes(() => {}),
      describe: () => [],
    };
  }

  #handles(death: Death, prng: Prng) {
    this.#processes += 1;
    const runtime = this.#runtime(new Prng(1_000 + this.#processes));
    const { config } = readConfig({ env: { ...this.#env, KITTIWAKE_API_KEY: 'key' } });
    const log = createLogger({ level: 'silent', write: () => {}, now: () => this.#nowMs });
    const observation = createObservation({ config, runtime, log });
    const store = dyingStore(this.store, death, prng);
    const { recorder } = observation;
    const settings = lazy('settings', recorder, async () => readProjectionSettings({ env: this.#env }));
    const environment = {
      config,
      known: { uuid: UUID },
      settings,
      plugins: lazy('plugins', recorder, async () => this.#plugins()),
      aws: {},
      runtime,
      log,
      ...observation,
      postgres: undefined,
      committed: () => {},
      tokenListeners: new Set<(hash: string) => void>(),
    };
    const handles: WikiHandles = createWikiHandles(
      environment,
      lazy('store', recorder, async () => store),
      () => 0,
    );
    return { handles, runtime };
  }
}
