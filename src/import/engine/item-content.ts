import { isKittiwakeError } from '../../core/errors.ts';
import { singlePack } from '../../git/commit/large-packs.ts';
import type { FileContent, Origins, RowFailure } from '../row.ts';
import type { StoredContent } from './batch-builder.ts';
import type { ReadOptions } from './reading.ts';

/** Contents from here on are never held as a whole. */
const LARGE_BYTES = 8 << 20;

type Options = Pick<ReadOptions, 'repository' | 'dryRun' | 'signal'>;

/**
 * The bytes of a file, or where they were stored when they are many; or why they cannot be had.
 * @throws what `signal` is aborted with, and what storing them throws
 */
export async function readContent(
  content: FileContent,
  origins: Origins,
  options: Options,
): Promise<Uint8Array | StoredContent | RowFailure> {
  const reading = new Reading(content, options.signal);
  try {
    return content.size < LARGE_BYTES
      ? await inMemory(reading)
      : await stored(content.size, reading, options);
  } catch (error) {
    options.signal?.throwIfAborted();
    if (!isKittiwakeError(error) || (error !== reading.failure && error.code !== 'upload_differs'))
      throw error;
    return { origins, code: error.code, message: error.message };
  }
}

/** A content that remembers why it ended, so that a broken file is told from a store that fails. */
class Reading {
  failure: unknown;
  readonly #content: FileContent;
  readonly #signal: AbortSignal | undefined;

  constructor(content: FileContent, signal: AbortSignal | undefined) {
    this.#content = content;
    this.#signal = signal;
  }

  async *chunks(): AsyncGenerator<Uint8Array> {
    try {
      for await (const chunk of this.#content.open()) {
        this.#signal?.throwIfAborted();
        yield chunk;
      }
    } catch (error) {
      this.failure = error;
      throw error;
    }
  }
}

/** In memory of its own. */
async function inMemory(reading: Reading): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of reading.chunks()) chunks.push(chunk);
  return new Uint8Array(Buffer.concat(chunks));
}

async function stored(size: number, reading: Reading, options: Options): Promise<StoredContent> {
  const large = await options.repository.largeFiles();
  const chunks = reading.chunks();
  if (options.dryRun) {
    for await (const _ of chunks);
    return { oid: '', size, pack: undefined };
  }
  const blob = await large.storeStream(size, chunks, async () => options.signal?.throwIfAborted());
  return { oid: blob.oid, size, pack: singlePack(blob.stored) };
}
