import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { ROOT, temporaryFolder } from '../support/cli.ts';

const SCRIPT = `
  const { bufferedHandler } = await import('${join(ROOT, 'src/handler/api.ts')}');
  await new Promise(resolve => process.stdin.once('data', resolve));
  const http = { method: 'GET', path: '/api/v1/health' };
  const event = { rawPath: http.path, rawQueryString: '', headers: {}, requestContext: { domainName: 'x', stage: '$default', http } };
  const { statusCode } = await bufferedHandler(event, { getRemainingTimeInMillis: () => 1000 });
  process.stderr.write(String(statusCode));
  process.exit();
`;

test('a log that takes no lines keeps no request from its answer', async () => {
  const { path, remove } = temporaryFolder();
  onTestFinished(remove);
  const child = spawn(process.execPath, ['--input-type=module', '--eval', SCRIPT], {
    env: { PATH: process.env.PATH, KITTIWAKE_DATA: path(), KITTIWAKE_METRICS: 'emf' },
  });
  onTestFinished(() => void child.kill());
  let told = '';
  child.stderr.setEncoding('utf8').on('data', text => {
    told += text;
  });
  // Nobody reads it any more: writing fails.
  child.stdout.destroy();
  await once(child.stdout, 'close');
  child.stdin.end('go');
  await once(child, 'close');
  expect(told).toBe('200');
});
