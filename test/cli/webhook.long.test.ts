import { afterAll, expect, it } from 'vitest';
import { type CliOptions, kittiwake, temporaryFolder } from '../support/cli.ts';

const folder = temporaryFolder();
afterAll(() => folder.remove());

it('webhooks are made, listed, replayed and deleted from the command line', async () => {
  const options: CliOptions = { env: { KITTIWAKE_DATA: folder.path('data') } };
  const url = 'https://hooks.example.org/wiki';
  expect((await kittiwake(['wiki', 'create'], options)).code).toBe(0);
  const words = ['webhook', 'create', url, '--events', 'page_created, page_renamed', '--prefix', 'docs'];
  const made = await kittiwake(words, options);
  expect(made).toMatchObject({ code: 0, out: expect.stringMatching(/^whsec_[\w+/]{43}=\n$/) });

  const listed = await kittiwake(['webhook', 'list', '--json'], options);
  const info = JSON.parse(listed.out);
  expect(info).toMatchObject({ url, types: ['page_created', 'page_renamed'], prefix: 'docs', active: true });
  expect(listed.out).not.toContain('whsec_');
  const line = (await kittiwake(['webhook', 'list'], options)).out;
  expect(line).toBe(`${info.id}\tactive\tdocs\tpage_created,page_renamed\t${url}\n`);

  expect(await kittiwake(['webhook', 'replay', info.id], options)).toMatchObject({ code: 0, out: '' });
  const absent = await kittiwake(['webhook', 'replay', info.id, '--delivery', 'none'], options);
  expect(absent).toMatchObject({ code: 1, err: expect.stringContaining('outbox_message_absent') });
  expect((await kittiwake(['webhook', 'delete', info.id], options)).code).toBe(0);
  expect((await kittiwake(['webhook', 'list'], options)).out).toBe('');

  const inside = await kittiwake(['webhook', 'create', 'http://127.0.0.1/'], options);
  expect(inside).toMatchObject({ code: 1, err: expect.stringContaining('no public address') });
});
