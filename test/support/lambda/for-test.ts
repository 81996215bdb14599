import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { EnvironmentPool, type PoolOptions } from './environment-pool.ts';
import { type FrontDoor, type FrontDoorOptions, startFrontDoor } from './front-door.ts';
import { type EnvironmentOptions, FunctionEnvironment } from './function-environment.ts';
import type { FunctionDefinition } from './function-process.ts';

/** A function made of the source of one ES module, in a folder that goes with the running test. */
export function functionOf(source: string, more: Partial<FunctionDefinition> = {}): FunctionDefinition {
  const taskRoot = mkdtempSync(join(tmpdir(), 'kittiwake-function-'));
  onTestFinished(() => rmSync(taskRoot, { recursive: true }));
  writeFileSync(join(taskRoot, 'index.mjs'), source);
  return { taskRoot, handler: 'index.handler', ...more };
}

/** An execution environment that goes with the running test. */
export function environmentForTest(
  definition: FunctionDefinition,
  options: EnvironmentOptions = {},
): FunctionEnvironment {
  const environment = new FunctionEnvironment(definition, options);
  onTestFinished(() => environment.stop());
  return environment;
}

/** A function as the platform scales it; goes with the running test. */
export function poolForTest(definition: FunctionDefinition, options: PoolOptions = {}): EnvironmentPool {
  const pool = new EnvironmentPool(definition, options);
  onTestFinished(() => pool.stop());
  return pool;
}

/** An HTTP server in front of a function; both go with the running test. */
export async function frontDoorForTest(
  definition: FunctionDefinition,
  options: FrontDoorOptions & PoolOptions = {},
): Promise<FrontDoor & { pool: EnvironmentPool }> {
  const pool = poolForTest(definition, options);
  const door = await startFrontDoor(pool, options);
  onTestFinished(() => door.stop());
  return { ...door, pool };
}
