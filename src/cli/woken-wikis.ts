import type { ManyWikis, NamedWiki } from '../lazy/tenants.ts';
import { type Background, type BackgroundOptions, startBackground } from './background.ts';

export interface WokenWikisOptions extends BackgroundOptions {
  /** Of how many wikis the work goes on at once. */
  maxWikis: number;
  /** How long after its last commit the work of a wiki ends. */
  idleMs: number;
  /** Told of what could not be ended. */
  onError(error: unknown): void;
}

interface Running {
  background: Background;
  release(): void;
  wokenMs: number;
}

/** The work beside the answers of those wikis that are written to. Each is in use as long as its work goes on. */
export class WokenWikis {
  readonly #wikis: ManyWikis;
  readonly #options: WokenWikisOptions;
  /** Those that were woken longest ago come first. */
  readonly #running = new Map<string, Running>();
  readonly #ending = new Set<Promise<void>>();

  constructor(wikis: ManyWikis, options: WokenWikisOptions) {
    this.#wikis = wikis;
    this.#options = options;
  }

  wake(tenant: NamedWiki): void {
    const known = this.#running.get(tenant.uuid) ?? this.#begin(tenant);
    known.wokenMs = this.#options.runtime.now();
    this.#running.delete(tenant.uuid);
    this.#running.set(tenant.uuid, known);
    known.background.wake();
    this.endIdle();
  }

  /** Ends the work of wikis that nobody has written to for long, and of those that are too many. */
  endIdle(): void {
    const { runtime, idleMs, maxWikis } = this.#options;
    const sinceMs = runtime.now() - idleMs;
    for (const [uuid, each] of this.#running) {
      if (this.#running.size > maxWikis || each.wokenMs < sinceMs) this.#end(uuid, each);
      else return;
    }
  }

  async stop(): Promise<void> {
    for (const [uuid, each] of this.#running) this.#end(uuid, each);
    await Promise.all(this.#ending);
  }

  #begin(tenant: NamedWiki): Running {
    const { handles, release } = this.#wikis.lease(tenant);
    return { background: startBackground(handles.handles, this.#options), release, wokenMs: 0 };
  }

  #end(uuid: string, { background, release }: Running): void {
    this.#running.delete(uuid);
    const ended = background.stop().then(release, this.#options.onError);
    this.#ending.add(ended);
    void ended.then(() => this.#ending.delete(ended));
  }
}
