import { afterAll, expect, it } from 'vitest';
import { type CliOptions, kittiwake, temporaryFolder } from '../support/cli.ts';
import { gitHost } from '../support/git-host.ts';

const folder = temporaryFolder();
afterAll(() => folder.remove());

it('remotes are made, used, shown and forgotten from the command line', async () => {
  const host = await gitHost({ authorization: `Basic ${Buffer.from('me:hidden-word').toString('base64')}` });
  const first = host.commit({ 'home.md': 'there\n' });
  const credentials = { mine: { url: host.url, username: 'me', password: 'hidden-word' } };
  const env = {
    KITTIWAKE_DATA: folder.path('data'),
    KITTIWAKE_REMOTE_ALLOW: '127.0.0.1',
    KITTIWAKE_REMOTE_CREDENTIALS: JSON.stringify(credentials),
    KITTIWAKE_MAIL_SECRET: 'a-secret-of-some-length',
  };
  const options: CliOptions = { env };
  expect((await kittiwake(['wiki', 'create'], options)).code).toBe(0);
  const words = ['remote', 'add', 'host', host.url, '--directions', 'both', '--credentials', 'mine'];
  const made = await kittiwake([...words, '--webhook', 'true'], options);
  expect(made).toMatchObject({
    code: 0,
    out: expect.stringMatching(/webhook: \/-\/api\/v1\/pull\/[0-9a-f]{64}/),
  });

  const pulled = await kittiwake(['remote', 'pull', 'host'], options);
  expect(pulled).toMatchObject({ code: 0, out: 'pull: fast forward, 1 commits\n' });
  const pushed = await kittiwake(['remote', 'push', 'host', '--json'], options);
  expect(JSON.parse(pushed.out)).toMatchObject({ push: { outcome: 'up_to_date' } });
  expect((await kittiwake(['remote', 'list'], options)).out).toBe(`host\tpull, push\twell\t${host.url}\n`);
  const shown = await kittiwake(['remote', 'show', 'host'], options);
  expect(shown.out).toContain('ahead: 0\nbehind: 0\n');
  expect(shown.out).not.toContain('hidden-word');

  host.commit({ 'more.md': 'm\n' });
  expect((await kittiwake(['remote', 'pull', 'host'], options)).code).toBe(0);
  const id = host.commit({ 'other.md': 'o\n' }, { onto: first }).slice(0, 12);
  expect((await kittiwake(['remote', 'pull', 'host'], options)).err).toContain('remote_rewritten');
  const settled = await kittiwake(['remote', 'resolve', 'host', id, '--delete-branch'], options);
  expect(settled).toMatchObject({ code: 0, err: expect.stringContaining('its branch is removed') });
  expect((await kittiwake(['remote', 'show', 'host'], options)).out).not.toContain('conflict of');

  const edited = await kittiwake(['remote', 'edit', 'host', '--credentials', 'other'], options);
  expect(edited.code).toBe(0);
  const refused = await kittiwake(['remote', 'pull', 'host'], options);
  expect(refused).toMatchObject({ code: 1, err: expect.stringContaining('remote_credentials_refused') });
  expect((await kittiwake(['remote', 'remove', 'host'], options)).code).toBe(0);
  expect((await kittiwake(['remote', 'list'], options)).out).toBe('');
}, 180_000);
