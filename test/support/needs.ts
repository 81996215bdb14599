import { spawnSync } from 'node:child_process';
import type { TestContext } from 'vitest';

/** What a test may need beyond Node and npm, and the command that answers when it is there. */
const PROBES = {
  git: ['git', '--version'],
  python3: ['python3', '--version'],
  curl: ['curl', '--version'],
  openssl: ['openssl', 'version'],
} as const;

export type Tool = keyof typeof PROBES;

const found = new Map<Tool, boolean>();

/**
 * Goes on when `tool` is on this machine. Where it is absent the test is skipped and says why; it fails instead when
 * the environment sets `CI` to `1` or `true`, so that nothing is left untested unnoticed.
 */
export function needs(ctx: Pick<TestContext, 'skip'>, tool: Tool): void {
  if (available(tool)) return;
  const [command] = PROBES[tool];
  skipUnlessCi(ctx, `needs ${tool}: the command "${command}" is not on this machine`);
}

/** Skips the test and says why; fails it instead when the environment sets `CI` to `1` or `true`. */
export function skipUnlessCi(ctx: Pick<TestContext, 'skip'>, reason: string): never {
  if (process.env.CI === '1' || process.env.CI === 'true') throw new Error(reason);
  return skipSaying(ctx, reason);
}

const said = new Set<string>();

/** Skips the test; the reason is printed once in each test file. */
export function skipSaying(ctx: Pick<TestContext, 'skip'>, reason: string): never {
  if (!said.has(reason)) console.warn(`Skipped: ${reason}`);
  said.add(reason);
  return ctx.skip(reason);
}

function available(tool: Tool): boolean {
  const known = found.get(tool);
  if (known !== undefined) return known;
  const [command, ...args] = PROBES[tool];
  const present = spawnSync(command, args, { stdio: 'ignore' }).status === 0;
  found.set(tool, present);
  return present;
}
