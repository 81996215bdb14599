import type { MaybePromise } from './layer.ts';

/** `next(value)`: at once when the value is there, so that a warm path stays synchronous. */
export function chain<T, R>(value: MaybePromise<T>, next: (value: T) => MaybePromise<R>): MaybePromise<R> {
  return value instanceof Promise ? value.then(next) : next(value);
}

/** All values: at once when all are there. */
export function gather<T>(values: readonly MaybePromise<T>[]): MaybePromise<T[]> {
  return values.some(value => value instanceof Promise) ? Promise.all(values) : (values as T[]);
}

/** Turns a throw into a rejection, so that of several values that are gathered none is left unobserved. */
export function attempt<T>(run: () => MaybePromise<T>): MaybePromise<T> {
  try {
    return run();
  } catch (error) {
    return Promise.reject(error);
  }
}

/**
 * The first value that is not undefined. Asked one after another while answers come at once; from the first promise on all
 * the others are asked too, so that they are read together.
 */
export function firstOf<S, T>(
  sources: readonly S[],
  ask: (source: S) => MaybePromise<T | undefined>,
): MaybePromise<T | undefined> {
  for (let at = 0; at < sources.length; at += 1) {
    const answer = ask(sources[at] as S);
    if (answer instanceof Promise) return firstOfPromises(answer, sources.slice(at + 1), ask);
    if (answer !== undefined) return answer;
  }
  return undefined;
}

async function firstOfPromises<S, T>(
  first: Promise<T | undefined>,
  rest: readonly S[],
  ask: (source: S) => MaybePromise<T | undefined>,
): Promise<T | undefined> {
  const answers = [first, ...rest.map(source => attempt(() => ask(source)))];
  // An answer that is not needed any more may fail.
  for (const answer of answers) if (answer instanceof Promise) answer.catch(() => {});
  for (const answer of answers) {
    const value = await answer;
    if (value !== undefined) return value;
  }
  return undefined;
}
