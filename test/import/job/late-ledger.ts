import { KittiwakeError } from '../../../src/core/errors.ts';
import type { ByteStore, PutOutcome } from '../../../src/storage/byte-store.ts';

/** A store whose swap of a ledger that brings the commit of an import is never answered. */
export interface LateLedger {
  store: ByteStore;
  /** Resolves when that swap was sent. */
  sent: Promise<void>;
  /** Has it arrive, if it did not at once. Resolves with what the store makes of it. */
  arrive(): Promise<string>;
  /** Its answer is lost: whoever waits learns of no outcome. What comes after it is answered. */
  lose(): void;
  /** From now on no call does anything. Who waits for the answer is let go. */
  kill(): void;
}

/** What a ledger says of the map of an import, and of no other. */
const MARK = '"own":';

/** @param lands the swap takes effect at once, and only its answer is lost */
export function lateLedger(store: ByteStore, lands: boolean): LateLedger {
  const sent = Promise.withResolvers<void>();
  const never = Promise.withResolvers<PutOutcome>();
  never.promise.catch(() => {});
  let arrive = async () => 'nothing was sent';
  let isAlive = true;
  let isLost = false;
  const living = async <T>(call: () => Promise<T>): Promise<T> => {
    if (isAlive) return await call();
    throw new KittiwakeError('storage_denied', 'Calling the store: the process was killed');
  };
  const late: ByteStore = {
    location: store.location,
    get: (...given) => living(() => store.get(...given)),
    list: (...given) => living(() => store.list(...given)),
    delete: keys => living(() => store.delete(keys)),
    upload: (...given) => living(() => store.upload(...given)),
    put: (...given) => living(() => put(...given)),
  };
  const put: ByteStore['put'] = async (key, body, condition, options) => {
    const bytes = Buffer.concat([...body]);
    if (isLost || !key.startsWith('ledger/') || !bytes.includes(MARK))
      return await store.put(key, [bytes], condition, options);
    arrive = async () => (await store.put(key, [bytes], condition)).kind;
    if (lands) await arrive();
    sent.resolve();
    return await never.promise;
  };
  const lose = () => {
    isLost = true;
    never.resolve({ kind: 'unknown', cause: new Error('the connection broke') });
  };
  const kill = () => {
    isAlive = false;
    never.reject(new Error('the process was killed'));
  };
  return { store: late, sent: sent.promise, arrive: () => arrive(), lose, kill };
}
