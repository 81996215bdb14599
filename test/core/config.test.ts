import { describe, expect, test } from 'vitest';
import { readCommandLine } from '../../src/core/command-line.ts';
import { readConfig } from '../../src/core/config.ts';
import { settingsHelp, settingsTable } from '../../src/core/config-help.ts';
import { readProjectionSettings } from '../../src/core/projection-config.ts';
import { SETTING_TEXTS } from '../../src/core/setting-texts.ts';
import { SETTINGS, type SettingName } from '../../src/core/settings.ts';

function read(args: string[], env: Record<string, string> = {}) {
  return readCommandLine({ args, env });
}

function refusal(args: string[], env: Record<string, string> = {}): string {
  try {
    read(args, env);
  } catch (error) {
    expect(error).toMatchObject({ code: 'config_invalid' });
    return (error as Error).message;
  }
  throw new Error('Not refused');
}

describe('readConfig', () => {
  test('a key and the hash of one contradict each other', () => {
    const env = { KITTIWAKE_API_KEY: 'k', KITTIWAKE_API_KEY_SHA256: 'a'.repeat(64) };
    expect(() => readConfig({ env })).toThrow(
      'Conflicting KITTIWAKE_API_KEY and KITTIWAKE_API_KEY_SHA256: each says what the key is, set one of them',
    );
    expect(() => readConfig({ env: { KITTIWAKE_API_KEY_SHA256: 'k' } })).toThrow(
      'Invalid KITTIWAKE_API_KEY_SHA256: it must be 64 lower-case hex digits',
    );
  });

  test('has a default for everything but the key', () => {
    const { config, secrets, positionals, warnings } = read([]);
    expect(config).toEqual({
      host: '127.0.0.1',
      port: 8080,
      data: './data',
      store: { kind: 'file', folder: './data' },
      s3Endpoint: '',
      s3Region: '',
      s3Addressing: 'auto',
      s3IfMatch: 'auto',
      wiki: 'main',
      authorName: 'Kittiwake',
      authorEmail: 'kittiwake@localhost',
      retainPageNameCase: false,
      wikilinkStyle: '',
      maxBodyBytes: 10_485_760,
      maxUploadBytes: 1_073_741_824,
      requestTimeoutMs: 30_000,
      logLevel: 'info',
      logPaths: 'hashed',
      prefetch: false,
      metrics: 'none',
      tracing: false,
      plugins: [],
      readAccess: 'APPROVED',
      writeAccess: 'APPROVED',
      attachmentAccess: 'APPROVED',
      authMethod: '',
      authHeaderName: 'x-otterwiki-name',
      authHeaderEmail: 'x-otterwiki-email',
      authHeaderRoles: 'x-otterwiki-permissions',
      rolesRead: ['READ'],
      rolesWrite: ['WRITE'],
      rolesUpload: ['UPLOAD'],
      rolesAdmin: ['ADMIN'],
      jwtIssuer: '',
      jwtAudience: '',
      jwtKeysUrl: '',
      jwtAlgorithms: ['RS256', 'ES256', 'EdDSA'],
      jwtGroupsClaim: 'groups',
      tokenStalenessMs: 30_000,
      rateLimitReads: 0,
      rateLimitWrites: 0,
      maxPages: 0,
      maxWikiBytes: 0,
      commitMessage: 'OPTIONAL',
      defaultCommitMessage: '',
      homePage: '',
      draftDays: 30,
      auditDays: 365,
      tenants: { kind: 'none' },
      tenantCache: 64,
      tenantGraceDays: 30,
      schema: 'auto',
    });
    expect(secrets).toEqual({ apiKey: undefined, aws: {} });
    expect([positionals, warnings]).toEqual([[], []]);
  });

  test('reads flags, before variables', () => {
    const { config } = read(['--port', '81', '--max-body=1MiB'], {
      KITTIWAKE_PORT: '82',
      KITTIWAKE_HOST: '::1',
    });
    expect(config).toMatchObject({ port: 81, maxBodyBytes: 1_048_576, host: '::1' });
  });

  test('takes an empty variable for one that is not set', () => {
    expect(read([], { KITTIWAKE_PORT: '', OTTERWIKI_API_KEY: '' }).config.port).toBe(8080);
  });

  test('reads the names that Otterwiki uses', () => {
    const { config, secrets } = read([], {
      OTTERWIKI_API_KEY: 'k',
      OTTERWIKI_API_AUTHOR_NAME: 'Ann',
      OTTERWIKI_API_AUTHOR_EMAIL: 'ann@example.org',
      RETAIN_PAGE_NAME_CASE: 'True',
      WIKILINK_STYLE: 'link_title',
    });
    expect(secrets.apiKey).toBe('k');
    expect(config).toMatchObject({
      authorName: 'Ann',
      authorEmail: 'ann@example.org',
      retainPageNameCase: true,
      wikilinkStyle: 'LINKTITLE',
    });
  });

  test('stores where the data is', () => {
    expect(read(['--data', '/srv/wiki']).config.store).toEqual({ kind: 'file', folder: '/srv/wiki' });
    expect(read([], { KITTIWAKE_STORE: 'file:./x' }).config.store).toEqual({ kind: 'file', folder: './x' });
    expect(read(['--store', 'file:///srv/x']).config.store).toEqual({ kind: 'file', folder: '/srv/x' });
  });

  test('keeps what is no flag', () => {
    const { positionals, options } = readCommandLine({
      args: ['folder', '--dry', '--branch=x', '--', '--port'],
      env: {},
      flags: [
        { flag: '--dry', description: 'Try' },
        { flag: '--branch', placeholder: 'NAME', description: 'Branch' },
      ],
    });
    expect(positionals).toEqual(['folder', '--port']);
    expect([...options]).toEqual([
      ['--dry', 'true'],
      ['--branch', 'x'],
    ]);
  });

  test('understands a switch and its negation', () => {
    expect(read(['--retain-page-name-case']).config.retainPageNameCase).toBe(true);
    const env = { RETAIN_PAGE_NAME_CASE: 'yes' };
    expect(read(['--no-retain-page-name-case'], env).config.retainPageNameCase).toBe(false);
  });

  test('warns of variables that mean nothing', () => {
    const { warnings } = read([], { KITTIWAKE_PROT: '1', KITTIWAKE_SOMETHING_ELSE: '1', OTHER: '1' });
    expect(warnings).toEqual([
      'Unknown variable KITTIWAKE_PROT, did you mean KITTIWAKE_PORT?',
      'Unknown variable KITTIWAKE_SOMETHING_ELSE',
    ]);
  });
});

describe('what is refused', () => {
  test.each([
    [['--port', '70000'], {}, 'Invalid --port "70000": it must be a whole number from 0 to 65535'],
    [['--port', '-1'], {}, 'Invalid --port "-1": it must be a whole number from 0 to 65535'],
    [
      [],
      { KITTIWAKE_PORT: '8080x' },
      'Invalid KITTIWAKE_PORT "8080x": it must be a whole number from 0 to 65535',
    ],
    [['--host', 'a b'], {}, 'Invalid --host "a b": it must be a host name or an IP address'],
    [
      [],
      { KITTIWAKE_JWT_JWKS_URL: 'file:///keys.json' },
      'Invalid KITTIWAKE_JWT_JWKS_URL "file:///keys.json": it must be a URL of http or https, or not set',
    ],
    [['--store', 's3://b'], {}, `Invalid --store "s3://b": it must be ${SETTINGS.store.wanted}`],
    [['--store', 'file:'], {}, `Invalid --store "file:": it must be ${SETTINGS.store.wanted}`],
    [
      ['--max-upload', '4GiB'],
      {},
      'Invalid --max-upload "4GiB": it must be a size from 1KiB to 4080MiB, for example 500MiB',
    ],
    [
      ['--max-body', '10MB'],
      {},
      'Invalid --max-body "10MB": it must be a size from 1KiB to 1GiB, for example 10MiB',
    ],
    [
      ['--log-level', 'loud'],
      {},
      'Invalid --log-level "loud": it must be one of debug, info, warn, error, silent',
    ],
    [
      ['--wikilink-style', 'X'],
      {},
      'Invalid --wikilink-style "X": it must be LINKTITLE or PAGENAMETITLE, or not set',
    ],
    [
      ['--author-name', 'A <b>'],
      {},
      'Invalid --author-name "A <b>": it must be a name without <, > and control characters',
    ],
    [
      [],
      { RETAIN_PAGE_NAME_CASE: 'maybe' },
      'Invalid RETAIN_PAGE_NAME_CASE "maybe": it must be true or false',
    ],
    [['--prot', '1'], {}, 'Unknown flag --prot: did you mean --port?'],
    [['--frobnicate'], {}, 'Unknown flag --frobnicate: see --help'],
    [['--no-port'], {}, 'Unknown flag --no-port: see --help'],
    [['--port'], {}, 'Missing value of --port: it must be --port PORT'],
    [['--port', '1', '--port', '2'], {}, 'Repeated --port: it may be given once'],
    [
      ['--retain-page-name-case=true'],
      {},
      'Unexpected value of --retain-page-name-case: it is a switch and takes none',
    ],
    [
      [],
      { KITTIWAKE_API_KEY: 'a', OTTERWIKI_API_KEY: 'b' },
      'Conflicting KITTIWAKE_API_KEY and OTTERWIKI_API_KEY: both are set and they differ, set one of them',
    ],
    [
      ['--data', './a'],
      { KITTIWAKE_STORE: 'file:./b' },
      'Conflicting --data and KITTIWAKE_STORE: "./a" and "file:./b" are two folders for one wiki, set one of them',
    ],
  ])('%j %j', (args, env, message) => {
    expect(refusal(args, env as Record<string, string>)).toBe(message);
  });

  test.each([
    's3://Bucket/x',
    's3://a/x',
    's3://a..b/x',
    's3://10.0.0.1/x',
    's3://-ab/x',
    's3://wikis--x-s3/x',
    's3://wikis//x',
    's3://wikis/../x',
    's3://wikis/~x',
    's3:wikis',
    's3://',
  ])('the store %s', url => {
    const message = refusal(['--store', url], { AWS_REGION: 'eu-central-1' });
    expect(message).toBe(`Invalid --store "${url}": it must be ${SETTINGS.store.wanted}`);
  });

  test.each(['127.0.0.1:9000', 'ftp://a', 'http://user:secret@a', 'http://a/?b'])('the endpoint %s', url => {
    expect(refusal([], { AWS_ENDPOINT_URL: url })).toBe(
      `Invalid AWS_ENDPOINT_URL "${url}": it must be ${SETTINGS.s3Endpoint.wanted}`,
    );
  });

  test('a bucket of AWS without its region', () => {
    expect(refusal(['--store', 's3://wikis'])).toBe(
      'Missing AWS_REGION: it must be set for the bucket "wikis"',
    );
  });

  test('buckets as hosts of an IP address', () => {
    const env = { AWS_ENDPOINT_URL: 'http://127.0.0.1:9000', KITTIWAKE_S3_ADDRESSING: 'virtual' };
    expect(refusal([], env)).toBe(
      'Conflicting KITTIWAKE_S3_ADDRESSING and AWS_ENDPOINT_URL: "http://127.0.0.1:9000" has no name for a bucket to stand before, use path',
    );
  });

  test('two names of one setting that agree are fine', () => {
    expect(read([], { KITTIWAKE_API_KEY: 'a', OTTERWIKI_API_KEY: 'a' }).secrets.apiKey).toBe('a');
    expect(read(['--data', './a/'], { KITTIWAKE_STORE: 'file:a' }).config.data).toBe('./a/');
  });

  test('a key on the command line, and nothing of the key is printed', () => {
    for (const args of [['--api-key', 'hunter2'], ['--api-key=hunter2']]) {
      expect(refusal(args)).toMatch(/^Refused --api-key: .* set KITTIWAKE_API_KEY/);
      expect(refusal(args)).not.toContain('hunter2');
    }
    expect(refusal([], { KITTIWAKE_API_KEY: 'hunter2 ' })).toBe(
      'Invalid KITTIWAKE_API_KEY: it must be 1 to 1024 printable ASCII characters without spaces',
    );
  });
});

describe('the help', () => {
  test('has every setting with its variables and default', () => {
    for (const text of [settingsHelp(), settingsTable()]) {
      for (const [name, row] of Object.entries(SETTINGS)) {
        const { flag = '', description } = SETTING_TEXTS[name as SettingName];
        expect(text).toContain(flag);
        for (const variable of row.variables) expect(text).toContain(variable);
        expect(text).toContain(row.default);
        expect(text.replaceAll('\\|', '|')).toContain(description);
      }
    }
  });
});

describe('readProjectionSettings', () => {
  const read = (env: Record<string, string>) => readProjectionSettings({ env });

  test('has a default for everything but the secrets', () => {
    const { config, secrets } = read({});
    expect(config).toMatchObject({ site: true, siteAudience: 'ANONYMOUS', siteUrl: '', mail: 'none' });
    expect(config.renderHtmlAllowlist).toEqual(new Map());
    expect(config.webhookAllow).toEqual([]);
    expect(secrets).toEqual({ mailPassword: undefined, mailSecret: undefined });
  });

  test('reads the names of Otterwiki', () => {
    const { config, secrets } = read({
      RENDERER_HTML_ALLOWLIST: 'video[src controls],kbd',
      MAIL_DEFAULT_SENDER: 'Wiki <wiki@example.org>',
      MAIL_PASSWORD: 'a b',
      SITE_NAME: 'Ein Wiki',
      ROBOTS_TXT: 'disallow',
    });
    expect(config).toMatchObject({ mailSender: 'Wiki <wiki@example.org>', siteName: 'Ein Wiki' });
    expect(config.robotsTxt).toBe('disallow');
    expect([...config.renderHtmlAllowlist]).toEqual([
      ['video', ['src', 'controls']],
      ['kbd', []],
    ]);
    expect(secrets.mailPassword).toBe('a b');
  });

  test('a base address has no slash at its end, and no query', () => {
    expect(read({ KITTIWAKE_SITE_URL: 'https://wiki.example.org/w/' }).config.siteUrl).toBe(
      'https://wiki.example.org/w',
    );
    expect(() => read({ KITTIWAKE_URL: 'https://a.example/?q' })).toThrow(/Invalid KITTIWAKE_URL/);
    expect(() => read({ KITTIWAKE_SITE_URL: 'ftp://a.example' })).toThrow(/Invalid KITTIWAKE_SITE_URL/);
  });

  test.each([
    ['KITTIWAKE_MAIL_SENDER', 'a@b, c@d'],
    ['KITTIWAKE_MAIL_SENDER', 'Wiki <a@b'],
    ['KITTIWAKE_RENDERER_HTML_ALLOWLIST', 'video[src'],
    ['KITTIWAKE_WEBHOOK_ALLOW', 'localhost'],
    ['KITTIWAKE_MAIL_PORT', '0'],
  ])('refuses %s "%s" and says what would be right', (name, value) => {
    expect(() => read({ [name]: value })).toThrow(`Invalid ${name} "${value}": it must be`);
  });
});
