import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { systemRuntime } from '../../src/core/runtime.ts';
import { ProcessLock } from '../../src/db/process-lock.ts';
import { databaseFile } from './database-folder.ts';

const SCRIPT = fileURLToPath(new URL('ensure-process.ts', import.meta.url));

async function run(file: string, startMs: number): Promise<unknown> {
  const child = spawn(process.execPath, [SCRIPT, file, String(startMs)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let output = '';
  child.stdout.on('data', chunk => {
    output += chunk;
  });
  await once(child, 'close');
  return JSON.parse(output);
}

describe('processes that start at once on a new database', () => {
  it('run each migration once', async () => {
    const file = databaseFile();
    const startMs = Date.now() + 1_500;
    const answers = await Promise.all([1, 2, 3, 4].map(() => run(file, startMs)));
    expect(answers).toEqual(Array(4).fill(['kittiwake', 'puffin']));
  });
});

describe('ProcessLock', () => {
  const open = (file: string) => new ProcessLock(file, systemRuntime);

  it('runs one piece of work at a time', async () => {
    const file = databaseFile();
    const events: string[] = [];
    const work = (name: string) => async () => {
      events.push(`${name} begins`);
      await systemRuntime.sleep(30);
      events.push(`${name} ends`);
      return name;
    };
    const first = open(file).hold(5_000, work('a'));
    const second = open(file).hold(5_000, work('b'));
    expect(await Promise.all([first, second])).toEqual([{ value: 'a' }, { value: 'b' }]);
    expect(events).toEqual(['a begins', 'a ends', 'b begins', 'b ends']);
  });

  it('does not wait for longer than it may', async () => {
    const file = databaseFile();
    const held = open(file).hold(0, async () => {
      expect(await open(file).hold(10, async () => 'never')).toBeUndefined();
      return 'first';
    });
    expect(await held).toEqual({ value: 'first' });
  });

  it('is free again after work that failed', async () => {
    const file = databaseFile();
    await expect(
      open(file).hold(0, async () => {
        throw new Error('no');
      }),
    ).rejects.toThrow('no');
    expect(await open(file).hold(0, async () => 'again')).toEqual({ value: 'again' });
  });
});
