import { LOG_LEVELS } from './log.ts';
import type { ProjectionSettingName } from './projection-settings.ts';
import { PROJECTION_TEXTS } from './projection-texts.ts';
import type { SettingText } from './setting-text.ts';
import type { SettingName } from './settings.ts';

const area = (what: string): SettingText => ({
  description: `Who may ${what}, as long as the wiki's policy says nothing else: ANONYMOUS, REGISTERED, APPROVED or ADMIN`,
});

const roles = (right: string): SettingText => ({
  description: `Roles of the proxy, or groups of a JWT, that give the right to ${right}`,
});

/** Of each setting, and apart from them: functions have no flags, and load no texts. */
export const SETTING_TEXTS: Readonly<Record<SettingName | ProjectionSettingName, SettingText>> = {
  ...PROJECTION_TEXTS,
  host: { flag: '--host', placeholder: 'ADDRESS', description: 'Address to listen on' },
  port: { flag: '--port', placeholder: 'PORT', description: 'Port to listen on; 0 takes a free one' },
  data: { flag: '--data', placeholder: 'FOLDER', description: 'Folder of everything that is kept locally' },
  store: {
    flag: '--store',
    placeholder: 'URL',
    description: 'Where the wiki is stored: file:FOLDER or s3://BUCKET/PREFIX. Not set: the data folder',
  },
  s3Endpoint: { flag: '--s3-endpoint', placeholder: 'URL', description: 'S3 server to use. Not set: AWS' },
  s3Region: {
    flag: '--s3-region',
    placeholder: 'REGION',
    description: 'Region of the bucket; must be set for AWS. Not set: us-east-1',
  },
  s3Addressing: {
    flag: '--s3-addressing',
    placeholder: 'HOW',
    description: 'Where the bucket is named: path, virtual (host) or auto: path at other servers than AWS',
  },
  s3IfMatch: {
    flag: '--s3-if-match',
    placeholder: 'HOW',
    description: 'How ETags are sent in If-Match: quoted, bare or auto: bare at other servers than AWS',
  },
  wiki: {
    flag: '--wiki',
    placeholder: 'WIKI',
    description: 'Name of the wiki in its store; or its uuid, which saves a look-up at cold start',
  },
  authorName: {
    flag: '--author-name',
    placeholder: 'NAME',
    description: 'Author of commits made through the API',
  },
  authorEmail: { flag: '--author-email', placeholder: 'EMAIL', description: 'E-mail address of that author' },
  retainPageNameCase: {
    flag: '--retain-page-name-case',
    description: 'Keep the case of page names instead of lower-casing file names',
  },
  wikilinkStyle: {
    flag: '--wikilink-style',
    placeholder: 'STYLE',
    description: 'LINKTITLE or PAGENAMETITLE: in [[a|b]] the page is a. Not set: it is b',
  },
  maxBodyBytes: {
    flag: '--max-body',
    placeholder: 'SIZE',
    description: 'Largest request body; 14 MiB or more for attachments and batches',
  },
  maxUploadBytes: {
    flag: '--max-upload',
    placeholder: 'SIZE',
    description: 'Largest attachment that is uploaded as it is, beside JSON',
  },
  requestTimeoutMs: {
    flag: '--request-timeout',
    placeholder: 'SECONDS',
    description: 'Seconds a client has to send a request, and a write has to be decided',
  },
  logLevel: {
    flag: '--log-level',
    placeholder: 'LEVEL',
    description: `Least important lines that are logged: ${LOG_LEVELS.join(', ')}`,
  },
  logPaths: {
    flag: '--log-paths',
    placeholder: 'HOW',
    description: 'How page paths appear in the log: hashed or plain',
  },
  prefetch: {
    description:
      'Whether the API function loads its code and reads the ledger before the first request comes',
  },
  metrics: { description: 'Whether the log holds metrics: none, or emf for CloudWatch' },
  plugins: {
    flag: '--plugins',
    placeholder: 'LIST',
    description: 'Plugins, in the order in which they are asked: files or packages',
  },
  tracing: { description: 'Whether functions send X-Ray a segment for each call of the store' },
  readAccess: area('read'),
  writeAccess: area('write'),
  attachmentAccess: area('attach files'),
  authMethod: {
    description:
      'PROXY_HEADER: a proxy in front tells who is calling, in headers. Not set: keys, tokens and users',
  },
  authHeaderName: { description: "Header of the proxy with the user's name" },
  authHeaderEmail: { description: "Header of the proxy with the user's e-mail address" },
  authHeaderRoles: { description: "Header of the proxy with the user's roles" },
  rolesRead: roles('read'),
  rolesWrite: roles('write'),
  rolesUpload: roles('upload'),
  rolesAdmin: roles('admin'),
  jwtIssuer: { description: 'Accept JWTs of this issuer as bearer tokens: its "iss". Not set: no JWTs' },
  jwtAudience: {
    description:
      'The "aud" that a JWT must have, or several with spaces between them; must be set with an issuer',
  },
  jwtKeysUrl: { description: "Where the issuer's keys (JWKS) are. Not set: ISSUER/.well-known/jwks.json" },
  jwtAlgorithms: { description: 'Signature algorithms that a JWT may have' },
  jwtGroupsClaim: { description: 'The claim of a JWT that lists groups, for roles and for rules' },
  tokenStalenessMs: {
    description: 'Seconds after which a revoked token, or a locked user, is refused by every process',
  },
  rateLimitReads: { description: 'Reads a minute of one caller, in each process; 0: no limit' },
  rateLimitWrites: { description: 'Writes a minute of one caller, in each process; 0: no limit' },
  maxPages: { description: 'Most pages of a wiki that has no quota of its own; 0: no limit' },
  maxWikiBytes: {
    description:
      'Most bytes that a wiki without a quota of its own takes in the store, with its history; 0: no limit',
  },
  commitMessage: {
    description:
      "Whether writes bring a message, as long as the wiki's policy says nothing else: REQUIRED, OPTIONAL or DISABLED",
  },
  defaultCommitMessage: {
    description:
      'Message of writes that bring none: %P is the page, and codes of strftime. Not set: [api] ACTION: PAGE',
  },
  homePage: { description: 'The page that a reader sees first. Not set: Home' },
  draftDays: { description: 'Days after which a draft that nobody changed is removed' },
  auditDays: { description: 'Days for which the audit log keeps what was done' },
  tenants: {
    description:
      'Many wikis in one store: host:DOMAIN (NAME.DOMAIN) or path:/PREFIX (/PREFIX/NAME/…). Not set: one wiki',
  },
  tenantCache: { description: 'Wikis that a process keeps open at once' },
  tenantGraceDays: { description: 'Days for which a deleted wiki can be undeleted' },
  schema: {
    flag: '--schema',
    placeholder: 'HOW',
    description:
      'When the schema of users and the audit log is compared: auto (on the first use), assume (never; run "kittiwake migrate") or always (for databases that others alter)',
  },
  databaseUrl: {
    description:
      'PostgreSQL for users and the audit log: postgres://USER:PASSWORD@HOST/DATABASE. Not set: SQLite, beside the wiki',
  },
  apiKeyPrevious: { description: 'The key before, still accepted while clients change over' },
  apiKeyPreviousSha256: { description: 'SHA-256 of the key before in hex, in its place' },
  originSecretPrevious: { description: 'The origin secret before, still accepted' },
  apiKey: { description: 'The key that clients send as Authorization: Bearer KEY' },
  apiKeySha256: {
    description:
      'SHA-256 of that key in hex, in its place: the server then does not know the key. For random keys',
  },
  originSecret: {
    description: 'Refuse requests to the API function whose header x-kittiwake-origin has another value',
  },
};
