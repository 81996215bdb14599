/** What is opened for one of many wikis. */
export interface Closable {
  close(): Promise<void>;
}

export interface TenantCacheOptions<H> {
  /** How many wikis stay open. One that is in use is never closed, so there may be more for a while. */
  maxOpen: number;
  /** Makes what belongs to a wiki; opens nothing yet. */
  open(uuid: string, name: string): H;
  /** Told of what could not be closed. */
  onError(error: unknown): void;
}

/** The right to use what belongs to a wiki until it is given back. */
export interface Lease<H> {
  readonly handles: H;
  /** Calling it again does nothing. */
  release(): void;
}

interface Entry<H> {
  handles: H;
  /** That it was opened by: its uuid where nobody knew another one. */
  name: string;
  leases: number;
  /** It is in the cache no more, and is closed by whoever gives it back last. */
  isDropped: boolean;
}

/**
 * What belongs to wikis by their uuid, the most recently used ones. Whoever uses a wiki at the same time as others uses the same.
 */
export class TenantCache<H extends Closable> {
  readonly #options: TenantCacheOptions<H>;
  /** The least recently used first. */
  readonly #entries = new Map<string, Entry<H>>();
  readonly #closing = new Set<Promise<void>>();

  constructor(options: TenantCacheOptions<H>) {
    this.#options = options;
  }

  /** How many wikis are open. */
  get size(): number {
    return this.#entries.size;
  }

  /** @param name the uuid where nobody knows another one; such a wiki is opened anew by who does */
  lease(uuid: string, name: string): Lease<H> {
    if (name !== uuid && this.#entries.get(uuid)?.name === uuid) this.drop(uuid);
    const entry = this.#entries.get(uuid) ?? {
      handles: this.#options.open(uuid, name),
      name,
      leases: 0,
      isDropped: false,
    };
    this.#entries.delete(uuid);
    this.#entries.set(uuid, entry);
    entry.leases += 1;
    this.#evict();
    let isHeld = true;
    return {
      handles: entry.handles,
      release: () => {
        if (isHeld) this.#giveBack(entry);
        isHeld = false;
      },
    };
  }

  /** What belongs to a wiki that is open, without using it. */
  peek(uuid: string): H | undefined {
    return this.#entries.get(uuid)?.handles;
  }

  /** Forgets a wiki; the next user opens it anew. It is closed when nobody uses it. */
  drop(uuid: string): void {
    const entry = this.#entries.get(uuid);
    if (entry === undefined) return;
    this.#entries.delete(uuid);
    entry.isDropped = true;
    if (entry.leases === 0) this.#close(entry);
  }

  /** Closes everything, also what is in use. */
  async close(): Promise<void> {
    const open = [...this.#entries.values()];
    this.#entries.clear();
    for (const entry of open) this.#close(entry);
    await Promise.all(this.#closing);
  }

  #giveBack(entry: Entry<H>): void {
    entry.leases -= 1;
    if (entry.isDropped && entry.leases === 0) this.#close(entry);
    else this.#evict();
  }

  #evict(): void {
    for (const [uuid, { leases }] of this.#entries) {
      if (this.#entries.size <= this.#options.maxOpen) return;
      if (leases === 0) this.drop(uuid);
    }
  }

  #close({ handles }: Entry<H>): void {
    const closing = handles.close().catch(error => this.#options.onError(error));
    this.#closing.add(closing);
    void closing.then(() => this.#closing.delete(closing));
  }
}
