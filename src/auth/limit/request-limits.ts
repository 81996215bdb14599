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

/** A request, with its path as the wiki has it: what only told which wiki it is for is gone. */
type Counted = Arrival & { path: string };

/**
 * Counts a request, or a write that a request brings besides itself.
 * @param isWrite default: what the method and the path say
 * @throws KittiwakeError `rate_limited`
 */
export type Admit = (principal: Principal, request: Counted, isWrite?: boolean) => void;

/** What git and MCP read with: both ask by POST whatever they ask. What changes the wiki through MCP is counted call by call. */
const READ_BY_POST = /^\/(?:mcp|[^/]*\.git\/git-upload-pack)$/;

/**
 * Limits how often each caller may read and write, in memory: of each process by itself. A caller is a principal, with all of
 * its tokens: it can make as many as it likes. Those who are
 * nobody in particular are told apart by their addresses. Whatever is neither GET nor HEAD is a write, but for what git and MCP
 * read with.
 */
export function createRequestLimits({ reads, writes, addressOf, now }: RequestLimitOptions): Admit {
  const [reading, writing] = [reads, writes].map(perMinute =>
    perMinute === 0 ? undefined : new RateLimiter({ perMinute, now }),
  );
  return (principal, request, isWrite = !isRead(request)) => {
    const limiter = isWrite ? writing : reading;
    if (limiter === undefined) return;
    const isNobody = principal.standing === 'anonymous';
    const waitMs = limiter.take(isNobody ? `anonymous:${addressOf(request)}` : accountOf(principal));
    if (waitMs !== undefined) throw rateLimited(waitMs);
  };
}

function isRead({ method, path }: Counted): boolean {
  return method === 'GET' || method === 'HEAD' || (method === 'POST' && READ_BY_POST.test(path));
}
