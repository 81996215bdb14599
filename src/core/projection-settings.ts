import { AUDIENCES, type Audience } from './access-settings.ts';
import { keyProblem, parseByteSize, parseChoice, parseSwitch, parseWhole, setting } from './setting-value.ts';

const isText = (maxLength: number) => (text: string) =>
  text.length <= maxLength && !/\p{Cc}/u.test(text) ? text : undefined;

const flag = (name: string, value: 'true' | 'false') =>
  setting<boolean>({
    variables: [`KITTIWAKE_${name}`, name],
    default: value,
    parse: parseSwitch,
    wanted: 'true or false',
  });

const text = (name: string, value: string, maxLength = 500) =>
  setting<string>({
    variables: [`KITTIWAKE_${name}`, name],
    default: value,
    parse: isText(maxLength),
    wanted: `a line of up to ${maxLength} characters`,
  });

const number = (variable: string, value: string, min: number, max: number) =>
  setting<number>({
    variables: [variable],
    default: value,
    parse: parseWhole(min, max),
    wanted: `a whole number from ${min} to ${max}`,
  });

const baseUrl = (variable: string) =>
  setting<string>({
    variables: [variable],
    default: '',
    parse: parseBaseUrl,
    wanted: 'a URL of http or https without a query, for example https://wiki.example.org, or not set',
  });

const address = (...variables: [string, ...string[]]) =>
  setting<string>({
    variables,
    default: '',
    parse: parseAddress,
    wanted: 'an e-mail address, with or without a name: Wiki <wiki@example.org>, or not set',
  });

const ranges = (variable: string) =>
  setting<readonly string[]>({
    variables: [variable],
    default: '',
    parse: parseRanges,
    wanted: 'IP addresses and ranges with spaces between them, for example 10.1.0.0/16 ::1, or not set',
  });

/**
 * Settings of what follows from commits: rendering, the site, mail, webhooks, plugins. Apart from `SETTINGS`, because no write
 * needs them: functions read them when something asks.
 */
export const PROJECTION_SETTINGS = {
  renderHtmlAllowlist: setting({
    variables: ['KITTIWAKE_RENDERER_HTML_ALLOWLIST', 'RENDERER_HTML_ALLOWLIST'],
    default: '',
    parse: parseAllowlist,
    wanted: 'tags with attributes in brackets and commas between them, for example video[src controls],kbd',
  }),
  openLinksInNewTab: flag('OPEN_LINKS_IN_NEW_TAB', 'false'),
  renderTimeoutMs: setting({
    variables: ['KITTIWAKE_RENDER_TIMEOUT'],
    default: '2000',
    parse: parseWhole(50, 60_000),
    wanted: 'a whole number of milliseconds from 50 to 60000',
  }),
  maxRenderBytes: setting({
    variables: ['KITTIWAKE_MAX_RENDER'],
    default: '1MiB',
    parse: parseByteSize(1024, 16 * 1024 ** 2),
    wanted: 'a size from 1KiB to 16MiB, for example 1MiB',
  }),
  site: setting({
    variables: ['KITTIWAKE_SITE'],
    default: 'true',
    parse: parseSwitch,
    wanted: 'true or false',
  }),
  siteAudience: setting<Audience>({
    variables: ['KITTIWAKE_SITE_AUDIENCE'],
    default: 'ANONYMOUS',
    parse: value => AUDIENCES.find(audience => audience === value.toUpperCase()),
    wanted: 'ANONYMOUS, REGISTERED, APPROVED or ADMIN',
  }),
  siteUrl: baseUrl('KITTIWAKE_SITE_URL'),
  siteName: text('SITE_NAME', 'Kittiwake', 100),
  siteDescription: text('SITE_DESCRIPTION', ''),
  siteLang: setting({
    variables: ['KITTIWAKE_SITE_LANG', 'SITE_LANG'],
    default: 'en',
    parse: value => (/^[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8}){0,4}$/.test(value) ? value : undefined),
    wanted: 'a language tag, for example en or pt-BR',
  }),
  siteDistribution: setting({
    variables: ['KITTIWAKE_SITE_DISTRIBUTION'],
    default: '',
    parse: value => (/^[A-Z0-9]{0,32}$/.test(value) ? value : undefined),
    wanted: 'the id of a CloudFront distribution, or not set',
  }),
  robotsTxt: setting({
    variables: ['KITTIWAKE_ROBOTS_TXT', 'ROBOTS_TXT'],
    default: 'allow',
    parse: parseChoice(['allow', 'disallow'] as const),
    wanted: 'allow or disallow',
  }),
  apiUrl: baseUrl('KITTIWAKE_URL'),
  mail: setting({
    variables: ['KITTIWAKE_MAIL'],
    default: 'none',
    parse: parseChoice(['none', 'smtp', 'ses'] as const),
    wanted: 'none, smtp or ses',
  }),
  mailSender: address('KITTIWAKE_MAIL_SENDER', 'MAIL_DEFAULT_SENDER'),
  mailServer: setting({
    variables: ['KITTIWAKE_MAIL_SERVER', 'MAIL_SERVER'],
    default: '',
    parse: value => (/^[\w.:-]{0,253}$/.test(value) ? value : undefined),
    wanted: 'a host name or an IP address, or not set',
  }),
  mailPort: setting({
    variables: ['KITTIWAKE_MAIL_PORT', 'MAIL_PORT'],
    default: '587',
    parse: parseWhole(1, 65_535),
    wanted: 'a whole number from 1 to 65535',
  }),
  mailUsername: text('MAIL_USERNAME', ''),
  mailUseTls: flag('MAIL_USE_TLS', 'true'),
  mailUseSsl: flag('MAIL_USE_SSL', 'false'),
  adminEmail: address('KITTIWAKE_ADMIN_EMAIL', 'ADMIN_USER_EMAIL'),
  notifyAdminsOnRegister: flag('NOTIFY_ADMINS_ON_REGISTER', 'false'),
  notifyUserOnApproval: flag('NOTIFY_USER_ON_APPROVAL', 'false'),
  webhookAllow: ranges('KITTIWAKE_WEBHOOK_ALLOW'),
  maxImportBytes: setting({
    variables: ['KITTIWAKE_IMPORT_MAX'],
    default: '5GiB',
    parse: parseByteSize(1024, 500 * 1024 ** 3),
    wanted: 'a size from 1KiB to 500GiB, for example 5GiB',
  }),
  importUrlAllow: ranges('KITTIWAKE_IMPORT_URL_ALLOW'),
  maxImportRows: number('KITTIWAKE_IMPORT_ROWS', '10000000', 1, 1_000_000_000),
  importBatchBytes: setting({
    variables: ['KITTIWAKE_IMPORT_BATCH'],
    default: '16MiB',
    parse: parseByteSize(1024 ** 2, 256 * 1024 ** 2),
    wanted: 'a size from 1MiB to 256MiB, for example 16MiB',
  }),
  importChunkBytes: setting({
    variables: ['KITTIWAKE_IMPORT_CHUNK'],
    default: '64MiB',
    parse: parseByteSize(5 * 1024 ** 2, 1024 ** 3),
    wanted: 'a size from 5MiB to 1GiB, for example 64MiB',
  }),
  importWorkers: number('KITTIWAKE_IMPORT_WORKERS', '1', 0, 16),
  importJobs: number('KITTIWAKE_IMPORT_JOBS', '2', 1, 32),
  importJobsPerWiki: number('KITTIWAKE_IMPORT_JOBS_PER_WIKI', '1', 1, 32),
  importStartsPerHour: number('KITTIWAKE_IMPORT_STARTS', '60', 0, 10_000),
  importRetentionDays: number('KITTIWAKE_IMPORT_RETENTION', '7', 1, 365),
  importProgressMs: number('KITTIWAKE_IMPORT_PROGRESS', '1000', 100, 60_000),
  importTimeoutHours: number('KITTIWAKE_IMPORT_TIMEOUT', '24', 1, 720),
  importWakes: flag('IMPORT_WAKES', 'false'),
  gitServer: setting({
    variables: ['KITTIWAKE_GIT_SERVER', 'GIT_WEB_SERVER'],
    default: 'true',
    parse: parseSwitch,
    wanted: 'true or false',
  }),
  gitRefs: setting({
    variables: ['KITTIWAKE_GIT_REFS'],
    default: 'main',
    parse: parseChoice(['main', 'all'] as const),
    wanted: 'main or all',
  }),
  gitMaxPushBytes: setting({
    variables: ['KITTIWAKE_GIT_MAX_PUSH'],
    default: '1GiB',
    parse: parseByteSize(1024, 100 * 1024 ** 3),
    wanted: 'a size from 1KiB to 100GiB, for example 1GiB',
  }),
  mcp: setting({
    variables: ['KITTIWAKE_MCP'],
    default: 'true',
    parse: parseSwitch,
    wanted: 'true or false',
  }),
  mcpOrigins: setting<readonly string[]>({
    variables: ['KITTIWAKE_MCP_ORIGINS'],
    default: '',
    parse: parseOrigins,
    wanted: 'origins with spaces between them, for example https://chat.example.org, or not set',
  }),
  remoteAllow: ranges('KITTIWAKE_REMOTE_ALLOW'),
  maxRemoteBytes: setting({
    variables: ['KITTIWAKE_REMOTE_MAX'],
    default: '1GiB',
    parse: parseByteSize(1024, 500 * 1024 ** 3),
    wanted: 'a size from 1KiB to 500GiB, for example 1GiB',
  }),
  remoteCredentials: setting({
    variables: ['KITTIWAKE_REMOTE_CREDENTIALS'],
    default: '',
    secret: true,
    parse: value => (value.length <= 65_536 && value.trimStart().startsWith('{') ? value : undefined),
    wanted: 'a JSON object of up to 65536 characters, as docs/remotes.md has it',
  }),
  mailPassword: setting({
    variables: ['KITTIWAKE_MAIL_PASSWORD', 'MAIL_PASSWORD'],
    default: '',
    secret: true,
    parse: isText(1024),
    wanted: 'a line of up to 1024 characters',
  }),
  mailSecret: setting({
    variables: ['KITTIWAKE_MAIL_SECRET', 'SECRET_KEY'],
    default: '',
    secret: true,
    parse: value => (value.length < 16 || keyProblem(value) ? undefined : value),
    wanted: '16 to 1024 printable ASCII characters without spaces',
  }),
} as const;

export type ProjectionSettingName = keyof typeof PROJECTION_SETTINGS;

/** Without a slash at its end. */
function parseBaseUrl(value: string): string | undefined {
  if (value === '') return '';
  const url = URL.parse(value);
  if (url === null || !/^https?:$/.test(url.protocol) || url.username !== '' || url.password !== '')
    return undefined;
  return url.search === '' && url.hash === '' ? url.href.replace(/\/+$/, '') : undefined;
}

function parseOrigins(value: string): readonly string[] | undefined {
  const origins = value.split(/[\s,]+/).filter(each => each !== '');
  return origins.every(each => URL.parse(each)?.origin === each) ? origins : undefined;
}

function parseAddress(value: string): string | undefined {
  if (value === '') return '';
  const [, , named] = /^([^<>\p{Cc}]{0,100})<([^<>]+)>$/u.exec(value) ?? [];
  return /^[^\s@<>,;"()\p{Cc}]{1,64}@[^\s@<>,;"()\p{Cc}]{1,253}$/u.test(named ?? value) ? value : undefined;
}

/** `tag[attr attr],tag`, as Otterwiki writes it. */
function parseAllowlist(value: string): ReadonlyMap<string, readonly string[]> | undefined {
  const allowed = new Map<string, readonly string[]>();
  for (const part of value.split(',').map(each => each.trim())) {
    if (part === '') continue;
    const match = /^([a-z][a-z0-9-]*)(?:\[([a-z0-9\s-]*)\])?$/i.exec(part);
    if (!match) return undefined;
    allowed.set((match[1] ?? '').toLowerCase(), (match[2] ?? '').toLowerCase().split(/\s+/).filter(Boolean));
  }
  return allowed;
}

function parseRanges(value: string): readonly string[] | undefined {
  const ranges = value.split(/[\s,]+/).filter(each => each !== '');
  return ranges.every(isRange) ? ranges : undefined;
}

function isRange(text: string): boolean {
  const [, address = '', bits = '0'] = /^([0-9a-f.:]+)(?:\/(\d{1,3}))?$/i.exec(text) ?? [];
  const version = process.getBuiltinModule('node:net').isIP(address);
  return version !== 0 && Number(bits) <= (version === 4 ? 32 : 128);
}
