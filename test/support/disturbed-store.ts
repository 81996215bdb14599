import type { ByteStore } from '../../src/storage/byte-store.ts';

/** What is done in place of a call of a store; `act` makes the call. */
export type Disturb = (name: string, key: string, act: () => unknown) => unknown;

/** A store that asks `disturb` for each call that changes something. */
export function disturbedStore(store: ByteStore, disturb: Disturb): ByteStore {
  return new Proxy(store, {
    get(target, name) {
      const value = Reflect.get(target, name, target);
      if (typeof value !== 'function') return value;
      if (!['put', 'upload', 'delete'].includes(String(name))) return value.bind(target);
      return (...args: unknown[]) => disturb(String(name), String(args[0]), () => value.apply(target, args));
    },
  }) as ByteStore;
}
