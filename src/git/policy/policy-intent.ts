import type { Runtime } from '../../core/runtime.ts';
import { randomId } from '../../core/runtime.ts';
import type { Write } from '../../swap/attempts.ts';
import type { Intent, Verdict } from '../../swap/swap.ts';
import { policyOutcomeUnknown, policyTooLarge } from '../errors.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { PolicyChange, View } from '../repository.ts';

const MAX_POLICY_BYTES = 64 << 10;

/** So many writes of the policy are remembered, by whatever number of commits they are apart. */
const REMEMBERED = 32;

export interface PolicyIntentOptions<R> {
  change: PolicyChange<R>;
  runtime: Runtime;
  viewOf(ledger: Ledger): View;
  deadlineMs?: number;
}

/** A change of the policy as an intent on the ledger. */
export class PolicyIntent<R> implements Intent<Ledger, { result: R }> {
  readonly deadlineMs?: number;
  readonly #options: PolicyIntentOptions<R>;
  /** By the id under which it was written: of several attempts on one version, any may be the one that landed. */
  readonly #results = new Map<string, { result: R }>();

  constructor(options: PolicyIntentOptions<R>) {
    this.#options = options;
    if (options.deadlineMs !== undefined) this.deadlineMs = options.deadlineMs;
  }

  async apply(current: Ledger): Promise<Verdict<Ledger, { result: R }>> {
    const { change, runtime, viewOf } = this.#options;
    const { policy, result } = await change(current.policy?.value, viewOf(current));
    if (policy === undefined) return { kind: 'keep', result: { result } };
    const json = JSON.stringify(policy);
    const bytes = Buffer.byteLength(json);
    if (bytes > MAX_POLICY_BYTES) throw policyTooLarge(bytes, MAX_POLICY_BYTES);
    const id = randomId(runtime).slice(0, 16);
    this.#results.set(id, { result });
    const writes = [...(current.policy?.writes ?? []), [current.stamp.seq + 1, id] as const].slice(
      -REMEMBERED,
    );
    return {
      kind: 'change',
      value: { ...current, policy: { value: JSON.parse(json), writes } },
      result: { result },
    };
  }

  async settle({ policy }: Ledger, base: Ledger): Promise<{ result: R } | undefined> {
    const writes = policy?.writes ?? [];
    const landed = writes.find(([, id]) => this.#results.has(id));
    if (landed) return this.#results.get(landed[1]);
    if (isForgetful(writes, base.stamp.seq)) throw policyOutcomeUnknown();
    return undefined;
  }
}

/** True when a write after version `seq` may have been forgotten. */
function isForgetful(writes: readonly Write[], seq: number): boolean {
  const [oldest] = writes;
  return writes.length >= REMEMBERED && oldest !== undefined && oldest[0] > seq;
}
