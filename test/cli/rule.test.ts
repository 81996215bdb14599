import { afterAll, expect, it } from 'vitest';
import { temporaryFolder } from '../support/cli.ts';
import { runHere } from '../support/run-here.ts';

const folder = temporaryFolder();
afterAll(() => folder.remove());

it('rules are set, listed and removed from the command line', async () => {
  const env = { KITTIWAKE_DATA: folder.path('data') };
  const run = (...args: string[]) => runHere(['rule', ...args], env);
  expect((await runHere(['wiki', 'create'], env)).code).toBe(0);
  const team = ['--read', 'group:staff, user:Anna@example.org', '--write', 'nobody'];
  expect(await run('set', '/Team/', ...team)).toMatchObject({ code: 0, out: '' });
  expect(await run('set', '/', '--write', 'APPROVED')).toMatchObject({ code: 0 });
  expect((await run('list')).out).toBe(
    '/\twrite: APPROVED\n/team\tread: group:staff, user:anna@example.org\twrite: nobody\n',
  );
  const wrong = await run('set', 'Team', '--read', 'everybody');
  expect([wrong.code, wrong.err]).toEqual([1, expect.stringContaining('rule_invalid')]);
  expect(await run('remove', 'Team')).toMatchObject({ code: 0 });
  expect((await run('list', '--json')).out).toBe('{"path":"","write":["APPROVED"]}\n');
  const none = await run('remove', 'Team');
  expect([none.code, none.err]).toEqual([1, expect.stringContaining('rule_not_found')]);
});
