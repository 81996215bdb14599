import { settingInvalid, settingMissing, settingsContradict } from './config-errors.ts';
import type { Setting } from './setting-value.ts';
import { SETTINGS, type SettingName } from './settings.ts';
import type { StoreSetting } from './store-setting.ts';

type Env = Readonly<Record<string, string | undefined>>;

/** The value of a row. */
export type ValueOf<R> = R extends Setting<infer T> ? T : never;

type SettingValue<N extends SettingName> = ValueOf<(typeof SETTINGS)[N]>;

type SecretName =
  | 'apiKey'
  | 'apiKeySha256'
  | 'apiKeyPrevious'
  | 'apiKeyPreviousSha256'
  | 'originSecret'
  | 'originSecretPrevious'
  | 'databaseUrl';

/** Everything that can be set but for secrets. Defaults and meaning: `settings.ts`. */
export type Config = { [N in Exclude<SettingName, SecretName | 'store'>]: SettingValue<N> } & {
  store: StoreSetting;
};

/** Never printed, never logged. */
export interface Secrets {
  apiKey: string | undefined;
  /** In its place: what it hashes to, in hex. */
  apiKeySha256?: string | undefined;
  /** What whoever stands in front sends with each request. Absent: nobody does. */
  originSecret?: string | undefined;
  /** The key before, and the secret before: accepted as well. */
  apiKeyPrevious?: string | undefined;
  apiKeyPreviousSha256?: string | undefined;
  originSecretPrevious?: string | undefined;
  /** Of PostgreSQL, with its password. Absent: SQLite. */
  databaseUrl?: string | undefined;
  /** What the environment says of AWS credentials. Absent: nothing. */
  aws?: AwsVariables;
}

/** The variables that hold AWS credentials or tell where they are. Everything else is looked up by the AWS SDK itself. */
export interface AwsVariables {
  accessKeyId?: string | undefined;
  secretAccessKey?: string | undefined;
  sessionToken?: string | undefined;
  containerRelativeUri?: string | undefined;
  containerFullUri?: string | undefined;
  containerToken?: string | undefined;
  containerTokenFile?: string | undefined;
}

export interface ReadConfigInput {
  env: Env;
  /** What was given otherwise, and wins over variables: see `readCommandLine`. Default: nothing. */
  given?: ReadonlyMap<string, GivenText> | undefined;
}

/** What a setting was given as. */
export interface GivenText {
  text: string;
  /** The flag or variable it comes from. */
  source: string;
}

export interface ReadConfigResult {
  config: Config;
  secrets: Secrets;
}

/**
 * Reads the environment into one typed value. An empty variable counts as not set.
 * @throws KittiwakeError `config_invalid`, naming the setting, its value and what would be right
 */
export function readConfig(input: ReadConfigInput): ReadConfigResult {
  const { env } = input;
  const { values, sources } = readRows(SETTINGS, input);
  const { apiKey, apiKeySha256, apiKeyPrevious, apiKeyPreviousSha256, ...valued } = values as Values;
  const { originSecret, originSecretPrevious, databaseUrl, store, ...rest } = valued;
  const keys = { apiKey, apiKeySha256, apiKeyPrevious, apiKeyPreviousSha256 };
  const secrets = { ...keys, originSecret, originSecretPrevious, databaseUrl };
  const config: Config = { ...rest, store: store ?? { kind: 'file', folder: rest.data } };
  checkFolders(config, sources);
  completeRegion(config);
  checkAddressing(config, sources);
  checkKey(sources, 'apiKey', 'apiKeySha256');
  checkKey(sources, 'apiKeyPrevious', 'apiKeyPreviousSha256');
  checkIdentities(config, secrets, sources);
  return { config, secrets: { ...secrets, aws: readAwsVariables(env) } };
}

/** The values of a table of settings, by name, and where those that are set come from. @throws as {@link readConfig} */
export function readRows(
  rows: Readonly<Record<string, Setting<unknown>>>,
  { env, given }: ReadConfigInput,
): { values: Record<string, unknown>; sources: ReadonlyMap<string, string> } {
  const values: Record<string, unknown> = {};
  const sources = new Map<string, string>();
  for (const [name, row] of Object.entries(rows)) {
    const found = given?.get(name) ?? findText(row, env);
    if (found) sources.set(name, found.source);
    values[name] = parseSetting(row, found);
  }
  return { values, sources };
}

type Values = { [N in Exclude<SettingName, SecretName>]: SettingValue<N> } & {
  [N in SecretName]?: string;
} & {
  store?: StoreSetting;
};

function findText(row: Setting<unknown>, env: Env): GivenText | undefined {
  const set = row.variables.flatMap(variable => {
    const text = env[variable];
    return text === undefined || text === '' ? [] : [{ text, source: variable }];
  });
  const [first, second] = set;
  if (row.firstCounts !== true && first && second && first.text !== second.text) {
    throw settingsContradict(first.source, second.source, 'both are set and they differ, set one of them');
  }
  return first;
}

function parseSetting(row: Setting<unknown>, found: GivenText | undefined): unknown {
  if (!found && row.default === '') return row.secret ? undefined : row.parse('');
  const value = row.parse(found?.text ?? row.default);
  if (value !== undefined) return value;
  throw settingInvalid(found?.source ?? row.variables[0], row.secret ? undefined : found?.text, row.wanted);
}

/** The data folder and a store in another folder at once: which one holds the wiki would be a guess. */
function checkFolders({ data, store }: Config, sources: ReadonlyMap<string, string>): void {
  const [dataSource, storeSource] = [sources.get('data'), sources.get('store')];
  if (dataSource === undefined || storeSource === undefined || store.kind !== 'file') return;
  if (tidy(store.folder) === tidy(data)) return;
  throw settingsContradict(
    dataSource,
    storeSource,
    `"${data}" and "file:${store.folder}" are two folders for one wiki, set one of them`,
  );
}

/** AWS has no region by default; other servers mostly have but one, and sign with this name. */
function completeRegion(config: Config): void {
  if (config.store.kind !== 's3' || config.s3Region !== '') return;
  if (config.s3Endpoint === '') throw settingMissing('AWS_REGION', `the bucket "${config.store.bucket}"`);
  config.s3Region = 'us-east-1';
}

/** A key and what another one hashes to: which one is right would be a guess. */
function checkKey(sources: ReadonlyMap<string, string>, keyName: string, hashName: string): void {
  const [key, hash] = [sources.get(keyName), sources.get(hashName)];
  if (key !== undefined && hash !== undefined)
    throw settingsContradict(key, hash, 'each says what the key is, set one of them');
}

/** Who is calling must not be what anybody can say. */
function checkIdentities(
  { host, jwtIssuer, jwtAudience, authMethod }: Config,
  { originSecret }: Secrets,
  sources: ReadonlyMap<string, string>,
): void {
  if (jwtIssuer !== '' && jwtAudience === '') {
    throw settingMissing('KITTIWAKE_JWT_AUDIENCE', `the issuer "${jwtIssuer}"`);
  }
  if (authMethod !== 'PROXY_HEADER' || originSecret !== undefined || isLoopback(host)) return;
  throw settingsContradict(
    sources.get('authMethod') ?? 'authMethod',
    sources.get('host') ?? 'host',
    `whoever reaches "${host}" could say to be anybody, set KITTIWAKE_ORIGIN_SECRET and have the proxy send it`,
  );
}

/** Whether only this machine reaches what listens on `host`. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127\./.test(host);
}

/** There is no host named by a bucket and an IP address. */
function checkAddressing(config: Config, sources: ReadonlyMap<string, string>): void {
  const { s3Addressing, s3Endpoint } = config;
  if (s3Addressing !== 'virtual' || !/^https?:\/\/(\d+\.\d+\.\d+\.\d+|\[.*\])(:|\/|$)/.test(s3Endpoint))
    return;
  throw settingsContradict(
    sources.get('s3Addressing') ?? 's3Addressing',
    sources.get('s3Endpoint') ?? 's3Endpoint',
    `"${s3Endpoint}" has no name for a bucket to stand before, use path`,
  );
}

function readAwsVariables(env: Env): AwsVariables {
  const read = (name: string) => (env[name] === '' ? undefined : env[name]);
  return {
    accessKeyId: read('AWS_ACCESS_KEY_ID'),
    secretAccessKey: read('AWS_SECRET_ACCESS_KEY'),
    sessionToken: read('AWS_SESSION_TOKEN'),
    containerRelativeUri: read('AWS_CONTAINER_CREDENTIALS_RELATIVE_URI'),
    containerFullUri: read('AWS_CONTAINER_CREDENTIALS_FULL_URI'),
    containerToken: read('AWS_CONTAINER_AUTHORIZATION_TOKEN'),
    containerTokenFile: read('AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE'),
  };
}

function tidy(folder: string): string {
  return folder.replace(/^(\.\/)+/, '').replace(/\/+$/, '');
}
