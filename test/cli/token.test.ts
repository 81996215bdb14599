import { afterAll, expect, it } from 'vitest';
import { type CliOptions, kittiwake, temporaryFolder } from '../support/cli.ts';
import { openData } from '../support/data-folder.ts';

const folder = temporaryFolder();
afterAll(() => folder.remove());

it('tokens are made, listed and ended from the command line', async () => {
  const data = folder.path('data');
  const options: CliOptions = { env: { KITTIWAKE_DATA: data } };
  expect((await kittiwake(['wiki', 'create'], options)).code).toBe(0);
  const words = [
    'token',
    'create',
    'Nightly import',
    '--rights',
    'upload',
    '--prefix',
    '/Docs/',
    '--days',
    '7',
  ];
  const made = await kittiwake([...words, '--author', 'Import <import@example.org>'], options);
  expect(made).toMatchObject({ code: 0, out: expect.stringMatching(/^kw_[\w-]{43}\n$/) });
  const text = made.out.trim();
  expect(made.err).not.toContain(text);

  const listed = await kittiwake(['token', 'list', '--json'], options);
  const info = JSON.parse(listed.out);
  expect(info).toMatchObject({
    name: 'Nightly import',
    rights: ['read', 'write', 'upload'],
    prefix: 'docs',
    createdBy: 'command-line',
    author: { name: 'Import', email: 'import@example.org' },
  });
  expect(listed.out).not.toContain(text);

  const { app } = openData(data);
  const put = (path: string) =>
    app.handle({
      method: 'PUT',
      path: `/api/v1/pages/${path}`,
      query: '',
      headers: { authorization: `Bearer ${text}`, 'content-type': 'application/json' },
      body: Buffer.from('{"content":"x"}'),
    });
  expect([(await put('docs/a')).status, (await put('other')).status]).toEqual([201, 403]);

  const revoked = await kittiwake(['token', 'revoke', info.id], options);
  expect(revoked).toMatchObject({ code: 0, out: expect.stringContaining(`Token ${info.id}`) });
  expect((await kittiwake(['token', 'list'], options)).out).toMatch(
    /^[0-9a-f]{16}\trevoked \d{4}-\d\d-\d\d\t/,
  );
  const again = openData(data).app;
  const { status } = await again.handle({
    method: 'GET',
    path: '/api/v1/pages/docs/a',
    query: '',
    headers: { authorization: `Bearer ${text}` },
    body: Buffer.alloc(0),
  });
  expect(status).toBe(401);
  const none = await kittiwake(['token', 'revoke', 'ffffffffffffffff'], options);
  expect(none).toMatchObject({ code: 1, err: expect.stringContaining('token_not_found') });
});
