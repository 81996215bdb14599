import { rateLimited } from '../errors.ts';
import { accountOf, type Principal } from '../principal.ts';
import type { Arrival } from './caller-address.ts';
import { RateLimiter } from './rate-limiter.ts';

export interface RequestLimitOptions {
  /** A minute, of one caller; 0: no limit. */
  reads: number;
  writes: number;
  addressOf(request: Arrival): string;
  now(): number;
}

/** Counts a request. @throws KittiwakeError `rate_limited` */
export type Admit = (principal: Principal, request: Arrival) => void;

/**
 * Limits how often each caller may read and write, in memory: of each process by itself. A caller is a principal, with all of
 * its tokens: it can make as many as it likes. Those who are
 * nobody in particular are told apart by their addresses. Whatever is neither GET nor HEAD is a write.
 */
export function createRequestLimits({ reads, writes, addressOf, now }: RequestLimitOptions): Admit {
  const [reading, writing] = [reads, writes].map(perMinute =>
    perMinute === 0 ? undefined : new RateLimiter({ perMinute, now }),
  );
  return (principal, request) => {
    const limiter = request.method === 'GET' || request.method === 'HEAD' ? reading : writing;
    if (limiter === undefined) return;
    const isNobody = principal.standing === 'anonymous';
    const waitMs = limiter.take(isNobody ? `anonymous:${addressOf(request)}` : accountOf(principal));
    if (waitMs !== undefined) throw rateLimited(waitMs);
  };
}
