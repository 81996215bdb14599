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

/** Every setting there is, as `readConfig` reads it; what is said of each: `setting-texts.ts`. */
export const SETTINGS = {
  host: setting({
    variables: ['KITTIWAKE_HOST'],
    default: '127.0.0.1',
    parse: parseText(text => /^[\w.:-]+$/.test(text)),
    wanted: 'a host name or an IP address',
  }),
  port: setting({
    variables: ['KITTIWAKE_PORT'],
    default: '8080',
    parse: parseWhole(0, 65_535),
    wanted: 'a whole number from 0 to 65535',
  }),
  data: setting({
    variables: ['KITTIWAKE_DATA'],
    default: './data',
    parse: parseText(text => !text.includes('\0')),
    wanted: 'a folder',
  }),
  store: setting({
    variables: ['KITTIWAKE_STORE'],
    default: '',
    parse: parseStore,
    wanted: STORE_WANTED,
  }),
  s3Endpoint: setting({
    variables: ['AWS_ENDPOINT_URL_S3', 'AWS_ENDPOINT_URL'],
    firstCounts: true,
    default: '',
    parse: parseEndpoint,
    wanted: 'a URL of http or https without a query, for example http://127.0.0.1:9000, or not set',
  }),
  s3Region: setting({
    variables: ['AWS_REGION', 'AWS_DEFAULT_REGION'],
    firstCounts: true,
    default: '',
    parse: text => (/^[a-z0-9-]{0,64}$/.test(text) ? text : undefined),
    wanted: 'lower-case letters, digits and hyphens, for example eu-central-1',
  }),
  s3Addressing: setting({
    variables: ['KITTIWAKE_S3_ADDRESSING'],
    default: 'auto',
    parse: parseChoice(['auto', 'path', 'virtual'] as const),
    wanted: 'auto, path or virtual',
  }),
  s3IfMatch: setting({
    variables: ['KITTIWAKE_S3_IF_MATCH'],
    default: 'auto',
    parse: parseChoice(['auto', 'quoted', 'bare'] as const),
    wanted: 'auto, quoted or bare',
  }),
  wiki: setting({
    variables: ['KITTIWAKE_WIKI'],
    default: 'main',
    parse: parseText(text => /^[a-z0-9][a-z0-9-]{0,62}$/.test(text)),
    wanted: 'a name of up to 63 lower-case letters, digits and hyphens, or a uuid of 32 hex digits',
  }),
  authorName: setting({
    variables: ['KITTIWAKE_AUTHOR_NAME', 'OTTERWIKI_API_AUTHOR_NAME'],
    default: 'Kittiwake',
    parse: parseText(isIdentity),
    wanted: 'a name without <, > and control characters',
  }),
  authorEmail: setting({
    variables: ['KITTIWAKE_AUTHOR_EMAIL', 'OTTERWIKI_API_AUTHOR_EMAIL'],
    default: 'kittiwake@localhost',
    parse: parseText(isIdentity),
    wanted: 'an address without <, > and control characters',
  }),
  retainPageNameCase: setting({
    variables: ['KITTIWAKE_RETAIN_PAGE_NAME_CASE', 'RETAIN_PAGE_NAME_CASE'],
    default: 'false',
    parse: parseSwitch,
    wanted: 'true or false',
  }),
  wikilinkStyle: setting({
    variables: ['KITTIWAKE_WIKILINK_STYLE', 'WIKILINK_STYLE'],
    default: '',
    parse: parseWikilinkStyle,
    wanted: 'LINKTITLE or PAGENAMETITLE, or not set',
  }),
  maxBodyBytes: setting({
    variables: ['KITTIWAKE_MAX_BODY'],
    default: '10MiB',
    parse: parseByteSize(1024, 1024 ** 3),
    wanted: 'a size from 1KiB to 1GiB, for example 10MiB',
  }),
  maxUploadBytes: setting({
    variables: ['KITTIWAKE_MAX_UPLOAD'],
    default: '1GiB',
    parse: parseByteSize(1024, MAX_UPLOAD_BYTES),
    wanted: 'a size from 1KiB to 4080MiB, for example 500MiB',
  }),
  requestTimeoutMs: setting({
    variables: ['KITTIWAKE_REQUEST_TIMEOUT'],
    default: '30',
    parse: text => scaled(parseWhole(1, 900)(text), 1000),
    wanted: 'a whole number of seconds from 1 to 900',
  }),
  logLevel: setting({
    variables: ['KITTIWAKE_LOG_LEVEL'],
    default: 'info',
    parse: parseChoice<LogLevel>(LOG_LEVELS),
    wanted: `one of ${LOG_LEVELS.join(', ')}`,
  }),
  logPaths: setting({
    variables: ['KITTIWAKE_LOG_PATHS'],
    default: 'hashed',
    parse: parseChoice(['hashed', 'plain'] as const),
    wanted: 'hashed or plain',
  }),
  prefetch: setting({
    variables: ['KITTIWAKE_PREFETCH'],
    default: 'false',
    parse: parseSwitch,
    wanted: 'true or false',
  }),
  metrics: setting({
    variables: ['KITTIWAKE_METRICS'],
    default: 'none',
    parse: parseChoice(['none', 'emf'] as const),
    wanted: 'none or emf',
  }),
  tracing: setting({
    variables: ['KITTIWAKE_TRACING'],
    default: 'false',
    parse: parseSwitch,
    wanted: 'true or false',
  }),
  // Not with the other settings of what few need: whether there are any is asked by each write.
  plugins: setting<readonly string[]>({
    variables: ['KITTIWAKE_PLUGINS'],
    default: '',
    parse: value => value.split(/[\s,]+/).filter(each => each !== ''),
    wanted: 'files or packages with commas or spaces between them',
  }),
  ...ACCESS_SETTINGS,
  apiKey: setting({
    variables: ['KITTIWAKE_API_KEY', 'OTTERWIKI_API_KEY'],
    default: '',
    secret: true,
    parse: text => (keyProblem(text) ? undefined : text),
    wanted: '1 to 1024 printable ASCII characters without spaces',
  }),
  apiKeySha256: setting({
    variables: ['KITTIWAKE_API_KEY_SHA256'],
    default: '',
    secret: true,
    parse: text => (/^[0-9a-f]{64}$/.test(text) ? text : undefined),
    wanted: '64 lower-case hex digits',
  }),
  originSecret: setting({
    variables: ['KITTIWAKE_ORIGIN_SECRET'],
    default: '',
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
