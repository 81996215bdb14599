import { type Runtime, randomId } from '../../core/runtime.ts';
import type { Given } from './state-database.ts';

/** What one attempt of a transaction is given. */
export function givenNow(runtime: Runtime): Given {
  return { nowMs: runtime.now(), id: () => randomId(runtime) };
}
