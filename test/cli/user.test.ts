import { afterAll, expect, it } from 'vitest';
import { type CliOptions, kittiwake, temporaryFolder } from '../support/cli.ts';
import { openData } from '../support/data-folder.ts';
import { runHere } from '../support/run-here.ts';

const folder = temporaryFolder();
afterAll(() => folder.remove());

const PASSWORD = 'correct horse';

it('users are made, changed, listed and deleted from the command line', async () => {
  const data = folder.path('data');
  const env = { KITTIWAKE_DATA: data };
  // A process of its own where standard input is read.
  const run = (words: readonly string[], options?: Pick<CliOptions, 'input'>) =>
    options ? kittiwake(['user', ...words], { env, ...options }) : runHere(['user', ...words], env);
  expect((await runHere(['wiki', 'create'], env)).code).toBe(0);

  const anna = ['create', 'anna@example.org', '--name', 'Anna'];
  const made = await run([...anna, '--password'], { input: `${PASSWORD}\n` });
  expect(made).toMatchObject({ code: 0, out: expect.stringMatching(/^[0-9a-f]{32}\n$/) });
  expect(made.err).toContain('administers the wiki');
  expect(await run([...anna])).toMatchObject({ code: 1, err: expect.stringContaining('(user_exists)') });

  const bert = ['create', 'bert@example.org', '--name', 'Bert', '--generate', '--allow', 'read,write'];
  const generated = await run([...bert, '--no-approved']);
  expect(generated).toMatchObject({ code: 0, out: expect.stringMatching(/^[\w-]{24}\n$/) });

  const listed = await run(['list', '--json']);
  const users = listed.out
    .trim()
    .split('\n')
    .map(line => JSON.parse(line));
  expect(users).toMatchObject([
    { email: 'anna@example.org', isAdmin: true, hasPassword: true },
    { email: 'bert@example.org', isApproved: false, allow: ['read', 'write'] },
  ]);

  const status = async (email: string, password: string) => {
    const authorization = `Basic ${Buffer.from(`${email}:${password}`).toString('base64')}`;
    const request = { method: 'GET', path: '/api/v1/me', query: '', headers: { authorization } };
    return (await openData(data).app.handle({ ...request, body: Buffer.alloc(0) })).status;
  };
  expect(await status('anna@example.org', PASSWORD)).toBe(200);
  expect(await status('bert@example.org', generated.out.trim())).toBe(200);

  expect((await run(['edit', 'BERT@example.org', '--approved', '--locked'])).code).toBe(0);
  expect((await run(['list'])).out).toMatch(/\tlocked \d{4}-\d\d-\d\d\tread,write\t/);
  expect(await status('bert@example.org', generated.out.trim())).toBe(401);
  expect((await run(['password', users[0].id], { input: 'another one' })).code).toBe(0);
  expect(await status('anna@example.org', 'another one')).toBe(200);

  expect((await run(['delete', 'bert@example.org'])).code).toBe(0);
  expect(await run(['delete', 'bert@example.org'])).toMatchObject({
    code: 1,
    err: expect.stringContaining('(user_not_found)'),
  });
  expect(await run(['delete', 'anna@example.org'])).toMatchObject({
    code: 1,
    err: expect.stringContaining('(last_admin)'),
  });
  expect(await run(['password', 'anna@example.org'], { input: 'short' })).toMatchObject({
    code: 1,
    err: expect.stringContaining('(password_invalid)'),
  });
});
