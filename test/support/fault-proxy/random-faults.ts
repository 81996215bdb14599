import { Prng } from '../../simulation/prng.ts';
import type { Fault, FaultPlan, FaultRequest } from '../s3-server/faults.ts';

/** How often what goes wrong; probabilities for each request, whose sum is at most 1. */
export interface FaultRates {
  delay?: number;
  /** 409 and 412 without an effect: for writes only. */
  conflict?: number;
  /** 500 and 503 without an effect. */
  refused?: number;
  /** 500 and 503 after the effect. */
  refusedAfter?: number;
  closedBefore?: number;
  closedAfter?: number;
  late?: number;
  doubled?: number;
}

export interface RandomFaultOptions {
  /** The same seed and the same requests give the same faults. */
  seed: number;
  rates: FaultRates;
  /** The requests that may be hit. Default: all. */
  only?: (request: FaultRequest) => boolean;
  /** The longest delay, lateness and gap between doubled requests. Default: 50. */
  maxMs?: number;
}

/** A plan that draws the fault of each request. */
export function randomFaults({ seed, rates, only = () => true, maxMs = 50 }: RandomFaultOptions): FaultPlan {
  const prng = new Prng(seed);
  return request => {
    if (!only(request)) return undefined;
    const isWrite = request.method !== 'GET' && request.method !== 'HEAD';
    const kind = draw(prng, rates);
    return kind === undefined ? undefined : faultOf(kind, prng, maxMs, isWrite);
  };
}

function draw(prng: Prng, rates: FaultRates): keyof FaultRates | undefined {
  let left = prng.random();
  for (const [kind, rate] of Object.entries(rates) as [keyof FaultRates, number][]) {
    left -= rate;
    if (left < 0) return kind;
  }
  return undefined;
}

function faultOf(kind: keyof FaultRates, prng: Prng, maxMs: number, isWrite: boolean): Fault | undefined {
  const ms = prng.int(0, maxMs);
  switch (kind) {
    case 'delay':
      return { kind: 'delay', ms };
    case 'conflict':
      return isWrite ? { kind: 'answer', status: prng.pick([409, 412]) } : undefined;
    case 'refused':
      return { kind: 'answer', status: prng.pick([500, 503]) };
    case 'refusedAfter':
      return { kind: 'answer', status: prng.pick([500, 503]), after: true };
    case 'closedBefore':
      return { kind: 'close', when: 'before' };
    case 'closedAfter':
      return { kind: 'close', when: 'after' };
    case 'late':
      return { kind: 'late', ms };
    case 'doubled':
      return { kind: 'double', answer: prng.pick(['first', 'second']), gapMs: ms };
  }
}
