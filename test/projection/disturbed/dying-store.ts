import { KittiwakeError } from '../../../src/core/errors.ts';
import type { ByteStore } from '../../../src/storage/byte-store.ts';
import type { Prng } from '../../simulation/prng.ts';

export interface Death {
  /** At which call of the store the process dies; infinite: never. */
  call: number;
  /** Whether that call still takes effect. */
  lands: boolean;
}

/**
 * What one process has of a store. Others come in between at any call. When it has died, no call does anything any more: what its
 * code still tries changes nothing, as that of a killed process.
 */
export function dyingStore(store: ByteStore, { call, lands }: Death, prng: Prng) {
  const counted = { calls: 0 };
  const reach = async <T>(work: () => Promise<T>): Promise<T> => {
    for (let turns = prng.between(0, 3); turns > 0; turns -= 1) await new Promise(setImmediate);
    counted.calls += 1;
    if (counted.calls < call) return await work();
    if (counted.calls === call && lands) await work();
    throw new KittiwakeError('storage_denied', 'Calling the store: the process was killed');
  };
  const dying: ByteStore = {
    location: store.location,
    get: (...given) => reach(() => store.get(...given)),
    put: (...given) => reach(() => store.put(...given)),
    list: (...given) => reach(() => store.list(...given)),
    delete: (...given) => reach(() => store.delete(...given)),
    upload: (...given) => reach(() => store.upload(...given)),
  };
  return { store: dying, counted };
}
