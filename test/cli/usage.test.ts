import { existsSync } from 'node:fs';
import { afterAll, describe, expect, it } from 'vitest';
import { kittiwake, type Outcome, temporaryFolder } from '../support/cli.ts';
import { runHere } from '../support/run-here.ts';

const folder = temporaryFolder();
afterAll(() => folder.remove());

/** Runs in this process, with a data folder that must not come to be. */
async function misuse(args: string[], env: Record<string, string> = {}): Promise<Outcome> {
  const data = folder.path('never');
  const outcome = await runHere(args, { KITTIWAKE_DATA: data, ...env });
  expect(existsSync(data)).toBe(false);
  return outcome;
}

describe('the command line', () => {
  it.each([
    [['serv'], 'did you mean "serve"?'],
    [['wiki'], 'did you mean "wiki create"?'],
    [['rule'], 'did you mean "rule set", "rule remove", "rule list"?'],
    [['user', 'crate'], 'Unknown command "user crate": did you mean "user create"?'],
    [['nonsense'], 'see "kittiwake help"'],
    [['serve', '--prot', '1'], 'did you mean --port?'],
    [['serve', '--port', 'http'], 'it must be a whole number from 0 to 65535'],
    [['serve', '--port'], 'it must be --port PORT'],
    [['serve', 'extra'], 'it must be kittiwake serve'],
    [['import'], 'it must be kittiwake import <'],
    [['import', '.', '--overwrite', '--skip'], 'choose one of them'],
    [['import', '.', '--attachments', 'some'], 'beside, all or none'],
    [['import', '.', '--author', 'me'], '"Name <address>"'],
    [['import', '.', '--as-folder', '--branch', 'main'], 'choose one of them'],
    [['export', 'x', '--bare', '--files'], 'choose one of them'],
    [['token', 'create', 'x'], 'of read, write, upload, admin'],
    [['token', 'create', 'x', '--rights', 'read,all'], 'with commas between'],
    [['token', 'create', 'x', '--rights', 'read', '--days', '0'], 'a whole number from 1'],
    [['token', 'create', 'x', '--rights', 'read', '--author', 'me'], '"Name <address>"'],
    [['user', 'create', 'anna@example.org'], 'the name of the user'],
    [['user', 'create', 'a@b', '--name', 'Anna', '--generate', '--hash'], 'choose one of them'],
    [['user', 'edit', 'a@b', '--allow', 'admin'], 'of read, write, upload, with commas between'],
    [['rule', 'set', 'x'], 'whom the rule means'],
    [['gc', '--readers-grace', '-1'], 'a whole number of seconds'],
    [['serve', '--api-key', 'secret'], 'KITTIWAKE_API_KEY'],
  ])('refuses %j with exit code 2 and one line', async (args, text) => {
    const { code, out, err } = await misuse(args);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toContain(text);
    expect(err).toMatch(/^error: [^\n]+ \([a-z_]+\)\n$/);
    expect(err).not.toContain('secret');
  });

  it('refuses settings that contradict each other, naming both', async () => {
    const env = { KITTIWAKE_API_KEY: 'first-key', OTTERWIKI_API_KEY: 'second-key' };
    const { code, err } = await misuse(['serve'], env);
    expect(code).toBe(2);
    expect(err).toMatch(/KITTIWAKE_API_KEY and OTTERWIKI_API_KEY/);
    expect(err).not.toMatch(/first-key|second-key/);
  });

  it('shows its commands and settings', async () => {
    const { code, out, err } = await misuse(['help']);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    for (const word of [
      'serve',
      'import <',
      'export <',
      'flush',
      'gc',
      'doctor',
      'wiki create',
      '--port PORT',
    ]) {
      expect(out).toContain(word);
    }
    expect((await misuse(['--help'])).out).toBe(out);
    expect((await misuse([])).out).toBe(out);
  });

  it('shows the flags of one command', async () => {
    const { code, out } = await misuse(['import', '--help']);
    expect(code).toBe(0);
    expect(out).toContain('--overwrite');
    expect((await misuse(['help', 'wiki', 'create'])).out).toContain('Creates the empty wiki');
  });

  it('shows its version', async () => {
    expect((await misuse(['version'])).out).toMatch(/^kittiwake \d+\.\d+\.\d+ \(Node 24\./);
  });

  it('warns of a variable that is probably misspelt', async () => {
    const { code, err } = await misuse(['version'], { KITTIWAKE_PROT: '1' });
    expect(code).toBe(0);
    expect(err).toBe('warning: Unknown variable KITTIWAKE_PROT, did you mean KITTIWAKE_PORT?\n');
  });

  it('answers the same as a process of its own', async () => {
    const { code, out, err } = await kittiwake(['serve', '--port', 'http']);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toBe(
      'error: Invalid --port "http": it must be a whole number from 0 to 65535 (config_invalid)\n',
    );
  });

  it.each([['flush'], ['gc'], ['doctor'], ['export', 'out']])(
    '%s creates no wiki where there is none',
    async (...args) => {
      const { code, err } = await misuse(args, { KITTIWAKE_DATA: folder.path('none') });
      expect(code).toBe(1);
      expect(err).toMatch(/^error: .*none.* \(wiki_absent\)\n$/);
      expect(existsSync('out')).toBe(false);
    },
  );
});
