import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { functionOf } from '../support/lambda/for-test.ts';

test('a frozen process does not outlive the one that froze it, however that ends', async () => {
  const { taskRoot } = functionOf('export const handler = async () => process.pid;');
  const TMPDIR = mkdtempSync(join(tmpdir(), 'kittiwake-test-'));
  onTestFinished(() => rmSync(TMPDIR, { recursive: true, force: true }));
  const script = join(import.meta.dirname, 'frozen-function.child.ts');
  const pid = await new Promise<string>(resolve => {
    execFile(process.execPath, [script, taskRoot], { env: { TMPDIR } }, (_, out) => resolve(out));
  });
  expect(pid).toMatch(/^\d+$/);
  await vi.waitFor(() => expect(isAlive(pid)).toBe(false), 10_000);
});

/** A zombie is one that nobody has buried yet. */
function isAlive(pid: string): boolean {
  const path = `/proc/${pid}/stat`;
  return existsSync(path) && !/\) [ZX]/.test(readFileSync(path, 'utf8'));
}
