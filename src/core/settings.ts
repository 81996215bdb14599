import { ACCESS_SETTINGS } from './access-settings.ts';
import { LOG_LEVELS, type LogLevel } from './log.ts';
import {
  keyProblem,
  parseByteSize,
  parseChoice,
  parseSwitch,
  parseText,
  parseWhole,
  setting,
} from './setting-value.ts';
import { parseStore, STORE_WANTED } from './store-setting.ts';

/** A pack of one such file stays below 4 GiB, also where the file grows a little by being packed. */
const MAX_UPLOAD_BYTES = 4080 * 1024 ** 2;

/** Every setting there is: read by `readConfig`, printed by `--help` and in the README. */
export const SETTINGS = {
  host: setting({
    flag: '--host',
    placeholder: 'ADDRESS',
    variables: ['KITTIWAKE_HOST'],
    default: '127.0.0.1',
    description: 'Address to listen on',
    parse: parseText(text => /^[\w.:-]+$/.test(text)),
    wanted: 'a host name or an IP address',
  }),
  port: setting({
    flag: '--port',
    placeholder: 'PORT',
    variables: ['KITTIWAKE_PORT'],
    default: '8080',
    description: 'Port to listen on; 0 takes a free one',
    parse: parseWhole(0, 65_535),
    wanted: 'a whole number from 0 to 65535',
  }),
  data: setting({
    flag: '--data',
    placeholder: 'FOLDER',
    variables: ['KITTIWAKE_DATA'],
    default: './data',
    description: 'Folder of everything that is kept locally',
    parse: parseText(text => !text.includes('\0')),
    wanted: 'a folder',
  }),
  store: setting({
    flag: '--store',
    placeholder: 'URL',
    variables: ['KITTIWAKE_STORE'],
    default: '',
    description: 'Where the wiki is stored: file:FOLDER or s3://BUCKET/PREFIX. Not set: the data folder',
    parse: parseStore,
    wanted: STORE_WANTED,
  }),
  s3Endpoint: setting({
    flag: '--s3-endpoint',
    placeholder: 'URL',
    variables: ['AWS_ENDPOINT_URL_S3', 'AWS_ENDPOINT_URL'],
    firstCounts: true,
    default: '',
    description: 'S3 server to use. Not set: AWS',
    parse: parseEndpoint,
    wanted: 'a URL of http or https without a query, for example http://127.0.0.1:9000, or not set',
  }),
  s3Region: setting({
    flag: '--s3-region',
    placeholder: 'REGION',
    variables: ['AWS_REGION', 'AWS_DEFAULT_REGION'],
    firstCounts: true,
    default: '',
    description: 'Region of the bucket; must be set for AWS. Not set: us-east-1',
    parse: text => (/^[a-z0-9-]{0,64}$/.test(text) ? text : undefined),
    wanted: 'lower-case letters, digits and hyphens, for example eu-central-1',
  }),
  s3Addressing: setting({
    flag: '--s3-addressing',
    placeholder: 'HOW',
    variables: ['KITTIWAKE_S3_ADDRESSING'],
    default: 'auto',
    description: 'Where the bucket is named: path, virtual (host) or auto: path at other servers than AWS',
    parse: parseChoice(['auto', 'path', 'virtual'] as const),
    wanted: 'auto, path or virtual',
  }),
  s3IfMatch: setting({
    flag: '--s3-if-match',
    placeholder: 'HOW',
    variables: ['KITTIWAKE_S3_IF_MATCH'],
    default: 'auto',
    description: 'How ETags are sent in If-Match: quoted, bare or auto: bare at other servers than AWS',
    parse: parseChoice(['auto', 'quoted', 'bare'] as const),
    wanted: 'auto, quoted or bare',
  }),
  wiki: setting({
    flag: '--wiki',
    placeholder: 'WIKI',
    variables: ['KITTIWAKE_WIKI'],
    default: 'main',
    description: 'Name of the wiki in its store; or its uuid, which saves a look-up at cold start',
    parse: parseText(text => /^[a-z0-9][a-z0-9-]{0,62}$/.test(text)),
    wanted: 'a name of up to 63 lower-case letters, digits and hyphens, or a uuid of 32 hex digits',
  }),
  authorName: setting({
    flag: '--author-name',
    placeholder: 'NAME',
    variables: ['KITTIWAKE_AUTHOR_NAME', 'OTTERWIKI_API_AUTHOR_NAME'],
    default: 'Kittiwake',
    description: 'Author of commits made through the API',
    parse: parseText(isIdentity),
    wanted: 'a name without <, > and control characters',
  }),
  authorEmail: setting({
    flag: '--author-email',
    placeholder: 'EMAIL',
    variables: ['KITTIWAKE_AUTHOR_EMAIL', 'OTTERWIKI_API_AUTHOR_EMAIL'],
    default: 'kittiwake@localhost',
    description: 'E-mail address of that author',
    parse: parseText(isIdentity),
    wanted: 'an address without <, > and control characters',
  }),
  retainPageNameCase: setting({
    flag: '--retain-page-name-case',
    variables: ['KITTIWAKE_RETAIN_PAGE_NAME_CASE', 'RETAIN_PAGE_NAME_CASE'],
    default: 'false',
    description: 'Keep the case of page names instead of lower-casing file names',
    parse: parseSwitch,
    wanted: 'true or false',
  }),
  wikilinkStyle: setting({
    flag: '--wikilink-style',
    placeholder: 'STYLE',
    variables: ['KITTIWAKE_WIKILINK_STYLE', 'WIKILINK_STYLE'],
    default: '',
    description: 'LINKTITLE or PAGENAMETITLE: in [[a|b]] the page is a. Not set: it is b',
    parse: parseWikilinkStyle,
    wanted: 'LINKTITLE or PAGENAMETITLE, or not set',
  }),
  maxBodyBytes: setting({
    flag: '--max-body',
    placeholder: 'SIZE',
    variables: ['KITTIWAKE_MAX_BODY'],
    default: '10MiB',
    description: 'Largest request body; 14 MiB or more for attachments and batches',
    parse: parseByteSize(1024, 1024 ** 3),
    wanted: 'a size from 1KiB to 1GiB, for example 10MiB',
  }),
  maxUploadBytes: setting({
    flag: '--max-upload',
    placeholder: 'SIZE',
    variables: ['KITTIWAKE_MAX_UPLOAD'],
    default: '1GiB',
    description: 'Largest attachment that is uploaded as it is, beside JSON',
    parse: parseByteSize(1024, MAX_UPLOAD_BYTES),
    wanted: 'a size from 1KiB to 4080MiB, for example 500MiB',
  }),
  requestTimeoutMs: setting({
    flag: '--request-timeout',
    placeholder: 'SECONDS',
    variables: ['KITTIWAKE_REQUEST_TIMEOUT'],
    default: '30',
    description: 'Seconds a client has to send a request, and a write has to be decided',
    parse: text => scaled(parseWhole(1, 900)(text), 1000),
    wanted: 'a whole number of seconds from 1 to 900',
  }),
  logLevel: setting({
    flag: '--log-level',
    placeholder: 'LEVEL',
    variables: ['KITTIWAKE_LOG_LEVEL'],
    default: 'info',
    description: `Least important lines that are logged: ${LOG_LEVELS.join(', ')}`,
    parse: parseChoice<LogLevel>(LOG_LEVELS),
    wanted: `one of ${LOG_LEVELS.join(', ')}`,
  }),
  logPaths: setting({
    flag: '--log-paths',
    placeholder: 'HOW',
    variables: ['KITTIWAKE_LOG_PATHS'],
    default: 'hashed',
    description: 'How page paths appear in the log: hashed or plain',
    parse: parseChoice(['hashed', 'plain'] as const),
    wanted: 'hashed or plain',
  }),
  prefetch: setting({
    variables: ['KITTIWAKE_PREFETCH'],
    default: 'false',
    description:
      'Whether the API function loads its code and reads the ledger before the first request comes',
    parse: parseSwitch,
    wanted: 'true or false',
  }),
  metrics: setting({
    variables: ['KITTIWAKE_METRICS'],
    default: 'none',
    description: 'Whether the log holds metrics: none, or emf for CloudWatch',
    parse: parseChoice(['none', 'emf'] as const),
    wanted: 'none or emf',
  }),
  tracing: setting({
    variables: ['KITTIWAKE_TRACING'],
    default: 'false',
    description: 'Whether functions send X-Ray a segment for each call of the store',
    parse: parseSwitch,
    wanted: 'true or false',
  }),
  ...ACCESS_SETTINGS,
  apiKey: setting({
    variables: ['KITTIWAKE_API_KEY', 'OTTERWIKI_API_KEY'],
    default: '',
    description: 'The key that clients send as Authorization: Bearer KEY',
    secret: true,
    parse: text => (keyProblem(text) ? undefined : text),
    wanted: '1 to 1024 printable ASCII characters without spaces',
  }),
  apiKeySha256: setting({
    variables: ['KITTIWAKE_API_KEY_SHA256'],
    default: '',
    description:
      'SHA-256 of that key in hex, in its place: the server then does not know the key. For random keys',
    secret: true,
    parse: text => (/^[0-9a-f]{64}$/.test(text) ? text : undefined),
    wanted: '64 lower-case hex digits',
  }),
  originSecret: setting({
    variables: ['KITTIWAKE_ORIGIN_SECRET'],
    default: '',
    description: 'Refuse requests to the API function whose header x-kittiwake-origin has another value',
    secret: true,
    parse: text => (keyProblem(text) ? undefined : text),
    wanted: '1 to 1024 printable ASCII characters without spaces',
  }),
} as const;

export type SettingName = keyof typeof SETTINGS;

function parseEndpoint(text: string): string | undefined {
  if (text === '') return '';
  const url = URL.parse(text);
  const isServer =
    url !== null && /^https?:$/.test(url.protocol) && url.username === '' && url.password === '';
  return isServer && url.search === '' && url.hash === '' ? text : undefined;
}

function parseWikilinkStyle(text: string): string | undefined {
  const style = text.toUpperCase().replaceAll('_', '');
  return ['', 'LINKTITLE', 'PAGENAMETITLE'].includes(style) ? style : undefined;
}

/** What git allows between the angle brackets and before them. */
function isIdentity(text: string): boolean {
  return text.trim() !== '' && text.isWellFormed() && !/[<>\p{Cc}]/u.test(text);
}

function scaled(value: number | undefined, factor: number): number | undefined {
  return value === undefined ? undefined : value * factor;
}
