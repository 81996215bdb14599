import { isKittiwakeError } from '../core/errors.ts';
import type { Views } from './bound/bound-repository.ts';

/**
 * Reads, and once more from the newest state when a pack is missing: it may have been merged into another, and deleted,
 * since the state that was read from was current.
 */
export async function readAgain<R>(repository: Views, read: () => Promise<R>): Promise<R> {
  try {
    return await read();
  } catch (error) {
    if (!isKittiwakeError(error, 'pack_missing')) throw error;
    await repository.view({ maxAgeMs: 0 });
    return await read();
  }
}
