import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
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
