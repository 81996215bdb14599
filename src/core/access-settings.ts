import { keyProblem, parseByteSize, parseChoice, parseText, parseWhole, setting } from './setting-value.ts';

/** Whom an area of the wiki is open to, from all to few; each includes those behind it. */
export const AUDIENCES = ['ANONYMOUS', 'REGISTERED', 'APPROVED', 'ADMIN'] as const;

export type Audience = (typeof AUDIENCES)[number];

/** How a request tells which wiki it is for. */
export type TenantsSetting =
  /** There is one wiki. */
  | { kind: 'none' }
  /** `<name>.<domain>`. */
  | { kind: 'host'; domain: string }
  /** `<prefix>/<name>/api/v1/…`; the prefix has no slash at its end. */
  | { kind: 'path'; prefix: string };

const area = (name: string) =>
  setting<Audience>({
    variables: [`KITTIWAKE_${name}`, name],
    default: 'APPROVED',
    parse: text => AUDIENCES.find(audience => audience === text.toUpperCase()),
    wanted: 'ANONYMOUS, REGISTERED, APPROVED or ADMIN',
  });

const header = (name: string, text: string) =>
  setting<string>({
    variables: [`KITTIWAKE_AUTH_HEADERS_${name}`, `AUTH_HEADERS_${name}`],
    default: text,
    parse: value => (/^[A-Za-z0-9!#$%&'*+.^_`|~-]{1,64}$/.test(value) ? value.toLowerCase() : undefined),
    wanted: 'the name of a header',
  });

const roles = (right: string) =>
  setting<readonly string[]>({
    variables: [`KITTIWAKE_AUTH_ROLES_${right}`, `AUTH_ROLES_${right}`],
    default: right,
    parse: parseWords,
    wanted: 'words with commas or spaces between them',
  });

const perMinute = (what: string) =>
  setting<number>({
    variables: [`KITTIWAKE_RATE_LIMIT_${what}`],
    default: '0',
    parse: parseWhole(0, 1_000_000),
    wanted: 'a whole number of requests a minute, 0 for no limit',
  });

const secret = (...variables: readonly [string, ...string[]]) => ({
  variables,
  default: '',
  secret: true as const,
});

const aKey = {
  parse: (text: string) => (keyProblem(text) ? undefined : text),
  wanted: '1 to 1024 printable ASCII characters without spaces',
};

/** Settings of who may do what, and of the state that is not content. */
export const ACCESS_SETTINGS = {
  readAccess: area('READ_ACCESS'),
  writeAccess: area('WRITE_ACCESS'),
  attachmentAccess: area('ATTACHMENT_ACCESS'),
  authMethod: setting({
    variables: ['KITTIWAKE_AUTH_METHOD', 'AUTH_METHOD'],
    default: '',
    parse: text =>
      ['', 'SIMPLE', 'PROXY_HEADER'].includes(text.toUpperCase()) ? text.toUpperCase() : undefined,
    wanted: 'SIMPLE or PROXY_HEADER, or not set',
  }),
  authHeaderName: header('USERNAME', 'x-otterwiki-name'),
  authHeaderEmail: header('EMAIL', 'x-otterwiki-email'),
  authHeaderRoles: header('PERMISSIONS', 'x-otterwiki-permissions'),
  rolesRead: roles('READ'),
  rolesWrite: roles('WRITE'),
  rolesUpload: roles('UPLOAD'),
  rolesAdmin: roles('ADMIN'),
  jwtIssuer: setting({
    variables: ['KITTIWAKE_JWT_ISSUER'],
    default: '',
    parse: text => (text === '' || /^https?:\/\//.test(text) ? text : undefined),
    wanted: 'a URL of http or https, or not set',
  }),
  jwtAudience: setting({
    variables: ['KITTIWAKE_JWT_AUDIENCE'],
    default: '',
    parse: text => text.trim(),
    wanted: 'texts',
  }),
  jwtKeysUrl: setting({
    variables: ['KITTIWAKE_JWT_JWKS_URL'],
    default: '',
    parse: text => (text === '' || (/^https?:/.test(text) && URL.canParse(text)) ? text : undefined),
    wanted: 'a URL of http or https, or not set',
  }),
  jwtAlgorithms: setting<readonly string[]>({
    variables: ['KITTIWAKE_JWT_ALGORITHMS'],
    default: 'RS256 ES256 EdDSA',
    parse: text => {
      const words = parseWords(text);
      return words?.every(word => /^(RS|PS|ES)(256|384|512)$|^EdDSA$/.test(word)) ? words : undefined;
    },
    wanted: 'of RS256, RS384, RS512, PS256, PS384, PS512, ES256, ES384, ES512 and EdDSA',
  }),
  jwtGroupsClaim: setting({
    variables: ['KITTIWAKE_JWT_GROUPS_CLAIM'],
    default: 'groups',
    parse: parseText(text => /^[\w:/.-]{1,200}$/.test(text)),
    wanted: 'the name of a claim',
  }),
  tokenStalenessMs: setting({
    variables: ['KITTIWAKE_TOKEN_STALENESS'],
    default: '30',
    parse: text => scaled(parseWhole(0, 3600)(text), 1000),
    wanted: 'a whole number of seconds from 0 to 3600',
  }),
  rateLimitReads: perMinute('READS'),
  rateLimitWrites: perMinute('WRITES'),
  maxPages: setting({
    variables: ['KITTIWAKE_MAX_PAGES'],
    default: '0',
    parse: parseWhole(0, 100_000_000),
    wanted: 'a whole number, 0 for no limit',
  }),
  maxWikiBytes: setting({
    variables: ['KITTIWAKE_MAX_WIKI_SIZE'],
    default: '0',
    parse: parseByteSize(0, 1024 ** 5),
    wanted: 'a size, for example 50MiB, 0 for no limit',
  }),
  commitMessage: setting({
    variables: ['KITTIWAKE_COMMIT_MESSAGE', 'COMMIT_MESSAGE'],
    default: 'OPTIONAL',
    parse: text =>
      (['REQUIRED', 'OPTIONAL', 'DISABLED'] as const).find(choice => choice === text.toUpperCase()),
    wanted: 'REQUIRED, OPTIONAL or DISABLED',
  }),
  defaultCommitMessage: setting({
    variables: ['KITTIWAKE_DEFAULT_COMMIT_MESSAGE', 'DEFAULT_COMMIT_MESSAGE'],
    default: '',
    parse: text => (text.length <= 500 && !text.includes('\0') ? text : undefined),
    wanted: 'a text of up to 500 characters',
  }),
  homePage: setting({
    variables: ['KITTIWAKE_HOME_PAGE', 'HOME_PAGE'],
    default: '',
    parse: text => (text.length <= 1000 && !text.includes('\0') ? text : undefined),
    wanted: 'the path of a page, or not set',
  }),
  draftDays: setting({
    variables: ['KITTIWAKE_DRAFT_DAYS'],
    default: '30',
    parse: parseWhole(1, 3650),
    wanted: 'a whole number of days from 1 to 3650',
  }),
  auditDays: setting({
    variables: ['KITTIWAKE_AUDIT_DAYS'],
    default: '365',
    parse: parseWhole(1, 36_500),
    wanted: 'a whole number of days from 1 to 36500',
  }),
  tenants: setting<TenantsSetting>({
    variables: ['KITTIWAKE_TENANTS'],
    default: '',
    parse: parseTenants,
    wanted:
      'host:DOMAIN, for example host:wiki.example.org, or path:/PREFIX, for example path:/w, or not set',
  }),
  tenantCache: setting({
    variables: ['KITTIWAKE_TENANT_CACHE'],
    default: '64',
    parse: parseWhole(1, 10_000),
    wanted: 'a whole number from 1 to 10000',
  }),
  tenantGraceDays: setting({
    variables: ['KITTIWAKE_TENANT_GRACE_DAYS'],
    default: '30',
    parse: parseWhole(0, 3650),
    wanted: 'a whole number of days from 0 to 3650',
  }),
  schema: setting({
    variables: ['KITTIWAKE_SCHEMA'],
    default: 'auto',
    parse: parseChoice(['auto', 'assume', 'always'] as const),
    wanted: 'auto, assume or always',
  }),
  databaseUrl: setting({
    ...secret('KITTIWAKE_DATABASE_URL', 'DATABASE_URL'),
    parse: text => (/^postgres(ql)?:\/\//.test(text) && URL.canParse(text) ? text : undefined),
    wanted: 'a URL of postgres, for example postgres://kittiwake@127.0.0.1/kittiwake',
  }),
  apiKeyPrevious: setting({
    ...secret('KITTIWAKE_API_KEY_PREVIOUS'),
    ...aKey,
  }),
  apiKeyPreviousSha256: setting({
    ...secret('KITTIWAKE_API_KEY_PREVIOUS_SHA256'),
    parse: text => (/^[0-9a-f]{64}$/.test(text) ? text : undefined),
    wanted: '64 lower-case hex digits',
  }),
  originSecretPrevious: setting({
    ...secret('KITTIWAKE_ORIGIN_SECRET_PREVIOUS'),
    ...aKey,
  }),
} as const;

/** At least one. */
function parseWords(text: string): readonly string[] | undefined {
  const words = text.split(/[\s,]+/).filter(word => word !== '');
  return words.length > 0 ? words : undefined;
}

function parseTenants(text: string): TenantsSetting | undefined {
  if (text === '') return { kind: 'none' };
  const [, domain] =
    /^host:((?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)*[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)$/i.exec(text) ?? [];
  if (domain !== undefined) return { kind: 'host', domain: domain.toLowerCase() };
  const [, prefix] = /^path:((?:\/[a-z0-9._~-]+)*)\/?$/i.exec(text) ?? [];
  return prefix === undefined ? undefined : { kind: 'path', prefix };
}

function scaled(value: number | undefined, factor: number): number | undefined {
  return value === undefined ? undefined : value * factor;
}
