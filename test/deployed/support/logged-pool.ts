import { onTestFinished } from 'vitest';
import { EnvironmentPool, type PoolOptions } from '../../support/lambda/environment-pool.ts';
import type { FunctionDefinition } from '../../support/lambda/function-process.ts';
import type { OpenInvocation } from '../../support/lambda/invocation.ts';

/** The end of a log, when it is printed. */
const SHOWN = 10;
const SHOWN_CHARACTERS = 500;

/** A function whose log is kept, as in its log group. */
export class LoggedPool extends EnvironmentPool {
  /** Of the invocations that are over. */
  readonly log: string[] = [];

  override async open(event: unknown): Promise<OpenInvocation> {
    const invocation = await super.open(event);
    const completed = invocation.completed.then(report => {
      this.log.push(...report.log);
      return report;
    });
    return { ...invocation, completed };
  }
}

/** Goes with the running test; when that fails, its log is printed. */
export function loggedPoolForTest(definition: FunctionDefinition, options: PoolOptions): LoggedPool {
  const pool = new LoggedPool(definition, options);
  onTestFinished(async ({ task }) => {
    await pool.stop();
    if (task.result?.state !== 'fail' || pool.log.length === 0) return;
    const lines = pool.log.slice(-SHOWN).map(line => line.slice(0, SHOWN_CHARACTERS));
    console.error(`${definition.name} logged:\n${lines.join('\n')}`);
  });
  return pool;
}
