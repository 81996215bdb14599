import { type Runtime, randomId } from '../../core/runtime.ts';
import { functionChanged, functionNotReady, unrestored, updateFailed } from './errors.ts';
import { type FunctionState, isSameState, obstacleOf } from './function-state.ts';
import type { LambdaFunction } from './lambda-function.ts';
import { isSameEnvironment, MARKER, withoutMarker } from './marker.ts';

export interface MarkedFunctionOptions {
  lambda: LambdaFunction;
  runtime: Runtime;
  /** The longest pause between looks at an update. Default 1,000. */
  pollMs?: number;
  /** How long an update may take. Default five minutes. */
  updateMs?: number;
}

/** How the environment was left: as it was found, or, when somebody else changed the function, as they left it. */
export type Restored = 'restored' | 'others';

/** How often restoring is tried, with pauses of one second, two, four … between. */
const RESTORE_TRIES = 6;

/**
 * A function whose environments can be made stale: each mark is another value of one variable, after which the next
 * invocation is a cold start. Every write is conditional on the revision that was read with the variables, so that no
 * change of anybody else is overwritten, and restoring takes away nothing but the marker of this run.
 */
export class MarkedFunction {
  readonly #options: MarkedFunctionOptions;
  readonly #runId: string;
  readonly #found: FunctionState;
  #known: FunctionState;
  #isTouched = false;

  private constructor(options: MarkedFunctionOptions, found: FunctionState) {
    this.#options = options;
    this.#runId = randomId(options.runtime);
    this.#found = found;
    this.#known = found;
  }

  /** @throws KittiwakeError `function_not_ready`, `function_call_failed` */
  static async open(options: MarkedFunctionOptions): Promise<MarkedFunction> {
    const found = await options.lambda.read();
    const obstacle = obstacleOf(found);
    if (obstacle !== undefined) throw functionNotReady(options.lambda.name, obstacle);
    return new MarkedFunction(options, found);
  }

  get found(): FunctionState {
    return this.#found;
  }

  /** Whether a run that was killed left its marker. */
  get isLeftover(): boolean {
    return this.#found.variables[MARKER] !== undefined;
  }

  /**
   * Resolves when the function has a new value of the marker and the update has ended.
   * @throws KittiwakeError `function_changed`, `function_update_failed`, `function_call_failed`; or the reason of the signal
   */
  async mark(count: number, signal: AbortSignal): Promise<void> {
    const { lambda } = this.#options;
    const wanted = { ...this.#found.variables, [MARKER]: `${this.#runId}-${count}` };
    // The revision also moves when an update ends, and when a write was sent twice: only contents tell who changed what.
    for (let tries = 0; tries < 3; tries += 1) {
      signal.throwIfAborted();
      this.#isTouched = true;
      await lambda.write(wanted, this.#known.revisionId);
      const state = await this.#settled(signal);
      const before = this.#known.variables;
      this.#known = state;
      if (isSameState(state, this.#found, wanted)) return;
      if (!isSameState(state, this.#found, before)) break;
    }
    throw functionChanged(lambda.name);
  }

  /**
   * Takes the marker away, whatever else has become of the variables.
   * @throws KittiwakeError `function_unrestored`
   */
  async restore(): Promise<Restored> {
    if (!this.#isTouched) return 'restored';
    const { lambda, runtime } = this.#options;
    let failure: unknown = updateFailed(lambda.name, 'others keep changing it');
    for (let tries = 0; tries < RESTORE_TRIES; tries += 1) {
      if (tries > 1) await runtime.sleep(1000 * 2 ** (tries - 2));
      try {
        const left = await this.#removeMarker();
        if (left) return this.#isAsFound(left) ? 'restored' : 'others';
      } catch (error) {
        failure = error;
      }
    }
    throw unrestored(lambda.name, failure);
  }

  /** Undefined: the marker may still be there. */
  async #removeMarker(): Promise<FunctionState | undefined> {
    const { lambda } = this.#options;
    const isOurs = ({ variables }: FunctionState) => variables[MARKER]?.startsWith(this.#runId) === true;
    const state = await this.#settled();
    const { environmentError } = state;
    if (environmentError !== undefined) throw updateFailed(lambda.name, `environment: ${environmentError}`);
    if (!isOurs(state)) return state;
    if ((await lambda.write(withoutMarker(state.variables), state.revisionId)) !== 'written')
      return undefined;
    const after = await this.#settled();
    if (after.updateStatus === 'Failed') throw updateFailed(lambda.name, after.reason || 'unknown reason');
    return isOurs(after) ? undefined : after;
  }

  #isAsFound({ variables }: FunctionState): boolean {
    return isSameEnvironment(withoutMarker(variables), withoutMarker(this.#found.variables));
  }

  /** The function when no update is under way any more. */
  async #settled(signal?: AbortSignal): Promise<FunctionState> {
    const { lambda, runtime, pollMs = 1000, updateMs = 300_000 } = this.#options;
    const deadlineMs = runtime.now() + updateMs;
    for (let pauseMs = Math.min(100, pollMs); ; pauseMs = Math.min(pollMs, pauseMs * 2)) {
      signal?.throwIfAborted();
      const state = await lambda.read();
      if (state.updateStatus !== 'InProgress') {
        if (state.updateStatus === 'Failed' && signal) throw updateFailed(lambda.name, state.reason);
        return state;
      }
      if (runtime.now() > deadlineMs) throw updateFailed(lambda.name, `it takes longer than ${updateMs} ms`);
      await runtime.sleep(pauseMs);
    }
  }
}
