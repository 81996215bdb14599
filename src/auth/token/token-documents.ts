import { isKittiwakeError } from '../../core/errors.ts';
import type { Runtime } from '../../core/runtime.ts';
import type { ByteStore } from '../../storage/byte-store.ts';
import { documentIntent, newDocument } from '../../swap/document.ts';
import { outcomeUnknown } from '../../swap/errors.ts';
import { createSwap } from '../../swap/swapper.ts';
import { indexed, indexKey, type TokenRecord, tokenFormat, tokenKey } from './token.ts';

export interface TokenDocumentsOptions {
  store: ByteStore;
  runtime: Runtime;
  /** Told the hash of each token that was changed. */
  changed(hash: string): void;
}

export interface ListedToken {
  /** Of its note in the index. */
  key: string;
  hash: string;
  record: TokenRecord;
}

/** By the key of a note. */
type IsMeant = (key: string) => boolean;

/** The tokens as they lie in the store: a document for each, and a note of it by which it is found. */
export class TokenDocuments {
  readonly #options: TokenDocumentsOptions;

  constructor(options: TokenDocumentsOptions) {
    this.#options = options;
  }

  /** @throws KittiwakeError `outcome_unknown`; those of {@link ByteStore.put} and {@link Swap.create} */
  async create(hash: string, record: TokenRecord): Promise<void> {
    const { store, runtime, changed } = this.#options;
    const key = indexKey(record, hash);
    const noted = await store.put(key, [Buffer.from('token\n')], { immutable: true });
    if (noted.kind === 'unknown') throw outcomeUnknown(key, noted.cause);
    await this.#swap(hash).create(newDocument(runtime, record));
    changed(hash);
  }

  /**
   * Changes a token; undefined when there is none.
   * @param change returns what it is to be, or undefined to leave it as it is
   * @throws KittiwakeError those of {@link Swap.submit}
   */
  async change(
    hash: string,
    change: (record: TokenRecord) => TokenRecord | undefined,
  ): Promise<TokenRecord | undefined> {
    const intent = documentIntent(this.#options.runtime, (record: TokenRecord) => {
      const body = change(record);
      return body === undefined ? { result: record } : { body, result: body };
    });
    try {
      return await this.#swap(hash).submit(intent);
    } catch (error) {
      // One that ended long ago may be swept away meanwhile.
      const isGone = isKittiwakeError(error, 'object_absent') || isKittiwakeError(error, 'object_lost');
      if (isGone) return undefined;
      throw error;
    } finally {
      // Whatever became of it, it is to be read again.
      this.#options.changed(hash);
    }
  }

  /** Tokens by the keys of their notes. Notes whose tokens never came to be, or are gone, are left out. */
  async list(
    prefix: string,
    { after, limit, isMeant = () => true }: { after?: string; limit: number; isMeant?: IsMeant },
  ): Promise<{ tokens: ListedToken[]; last: string | undefined; more: boolean }> {
    const { objects, more } = await this.#options.store.list(prefix, {
      limit,
      ...(after === undefined ? {} : { after }),
    });
    const keys = objects.map(({ key }) => key);
    const found = await Promise.all(keys.filter(isMeant).map(key => this.#read(key)));
    const tokens = found.filter(each => each !== undefined);
    return { tokens, last: keys.at(-1), more };
  }

  /** All tokens below a prefix, or those whose notes are meant. */
  async *all(prefix: string, isMeant?: IsMeant): AsyncGenerator<ListedToken> {
    let after: string | undefined;
    for (let more = true; more; ) {
      const page = await this.list(prefix, {
        limit: 100,
        ...(after === undefined ? {} : { after }),
        ...(isMeant === undefined ? {} : { isMeant }),
      });
      yield* page.tokens;
      after = page.last;
      more = page.more;
    }
  }

  /** How many notes there are, up to 1,000. */
  async count(prefix: string): Promise<number> {
    return (await this.#options.store.list(prefix)).objects.length;
  }

  /** The token whose note is the first one below `prefix` that has this id. */
  async find(prefix: string, id: string): Promise<ListedToken | undefined> {
    let after: string | undefined;
    for (let more = true; more; ) {
      const page = await this.#options.store.list(prefix, after === undefined ? {} : { after });
      const note = page.objects.find(({ key }) => indexed(key)?.id === id);
      if (note !== undefined) return await this.#read(note.key);
      after = page.objects.at(-1)?.key;
      more = page.more;
    }
    return undefined;
  }

  async #read(key: string): Promise<ListedToken | undefined> {
    const hash = indexed(key)?.hash;
    if (hash === undefined) return undefined;
    const found = await this.#options.store.get(tokenKey(hash));
    if (found.kind !== 'found') return undefined;
    return { key, hash, record: tokenFormat.decode(found.bytes).body };
  }

  #swap(hash: string) {
    const { store, runtime } = this.#options;
    return createSwap({ store, key: tokenKey(hash), format: tokenFormat, runtime });
  }
}
