import type { ByteStore } from '../../src/storage/byte-store.ts';
import type { Cloud } from './cloud.ts';
import { found, listed, uploadUnused } from './direct-store.ts';
import type { Scheduler } from './scheduler.ts';
import type { SimulatedProcess } from './simulated-process.ts';

export interface DelayedStoreOptions {
  process: SimulatedProcess;
  scheduler: Scheduler;
  cloud: Cloud;
  /** Of reads, listings and deletions. */
  getMs: number;
  putMs: number;
}

/** A store that never fails and takes its time: there and back each half of it, give or take a tenth. */
export function delayedStore(options: DelayedStoreOptions): ByteStore {
  const { process, scheduler, cloud, getMs, putMs } = options;
  const call = <T>(ms: number, operate: () => T): Promise<T> =>
    new Promise(resolve => {
      const oneWayMs = (): number => (ms / 2) * process.prng.between(0.9, 1.1);
      scheduler.after(oneWayMs(), () => {
        const outcome = operate();
        process.deliver(oneWayMs(), () => resolve(outcome));
      });
    });
  return {
    location: 'simulated:',
    get: (key, asked = {}) => call(getMs, () => found(cloud, key, asked)),
    put: (key, body, condition) => call(putMs, () => cloud.put(key, body, condition)),
    list: (prefix, asked = {}) => call(getMs, () => listed(cloud, prefix, asked)),
    delete: keys =>
      call(getMs, () => {
        for (const key of keys) cloud.delete(key);
      }),
    upload: uploadUnused,
  };
}
