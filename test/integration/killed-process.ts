import { join } from 'node:path';
import { expect } from 'vitest';
import { kittiwake, type Outcome, ROOT } from '../support/cli.ts';

const PRELOADED = join(ROOT, 'test/integration/die-at-call.child.ts');

/** For a process that dies by SIGKILL right before its n-th call that changes the file system; 0 counts them. */
export function dyingAt(call: number): Record<string, string> {
  return { NODE_OPTIONS: `--import ${PRELOADED}`, DIE_AT_CALL: String(call) };
}

/** How many calls that change the file system a command makes; the command must succeed. */
export async function countCalls(args: readonly string[]): Promise<number> {
  const { code, err } = await kittiwake(args, { env: dyingAt(0) });
  expect([code, err]).toEqual([0, expect.stringMatching(/calls=\d+\n$/)]);
  return Number(/calls=(\d+)/.exec(err)?.[1]);
}

/** Runs a command that is killed before its n-th call. */
export async function killedAt(call: number, args: readonly string[]): Promise<Outcome> {
  const outcome = await kittiwake(args, { env: dyingAt(call) });
  expect(outcome, `killed before call ${call} of ${args.join(' ')}`).toMatchObject({ code: null });
  return outcome;
}

/** `count` numbers from 1 to `last`, one at random in each of as many parts; both ends are always among them. */
export function spread(last: number, count: number): number[] {
  const parts = Math.min(last, count);
  const numbers = Array.from({ length: parts }, (_, part) => {
    const [from, to] = [(part * last) / parts, ((part + 1) * last) / parts];
    return 1 + Math.floor(from + Math.random() * (to - from));
  });
  return [...new Set([1, ...numbers.slice(1, -1), last])];
}
