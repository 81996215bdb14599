import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { LOG_LEVELS } from '../src/core/log.ts';
import { parseChoice, parseText, parseWhole } from '../src/core/setting-value.ts';
import { type ContextValue, choice, onOff, optional, whole } from './context-value.ts';
import { CHOSEN_SETTINGS } from './settings-context.ts';

/** The days for which CloudWatch can keep logs. */
const RETENTION = Object.values(RetentionDays).filter(
  days => typeof days === 'number' && days < RetentionDays.INFINITE,
) as number[];

const LEVELS = LOG_LEVELS.filter(level => level !== 'silent');

const ARN = 'arn:aws[a-z-]*';

const secretArn = (meaning: string) =>
  optional(
    new RegExp(`^${ARN}:secretsmanager:[a-z0-9-]+:\\d{12}:secret:[\\w/+=.@-]+$`),
    'the complete ARN of a secret in Secrets Manager',
    { meaning },
  );

/** Every context value there is: read by `readContext`, printed in docs/deploy.md. */
export const CONTEXT = {
  apiKeySha256: optional(
    /^[0-9a-f]{64}$/,
    'the SHA-256 of the API key in 64 hex digits; npm run deploy makes a key, or: ' +
      'KEY=kw_$(openssl rand -hex 32); echo "$KEY"; printf %s "$KEY" | sha256sum',
    {
      meaning:
        'SHA-256 of the API key; must be there. `npm run deploy` makes a key or keeps the one there is',
    },
  ),
  previousApiKeySha256: optional(/^[0-9a-f]{64}$/, 'the SHA-256 of a key in 64 hex digits', {
    meaning:
      'SHA-256 of the API key before, accepted as well; `npm run deploy -- --new-key --keep-old-key` sets it',
  }),
  stackName: {
    default: 'Kittiwake',
    meaning: 'Name of the stack: each wiki has its own',
    parse: parseText(text => /^[A-Za-z][A-Za-z0-9-]{0,99}$/.test(text)),
    wanted: 'a letter and up to 99 letters, digits and hyphens',
  },
  wiki: optional(/^[0-9a-f]{32}$/, 'a uuid of 32 hex digits', {
    meaning: 'Uuid of the wiki. Not set: that of the stack itself',
  }),
  frontDoor: choice(['functionUrl', 'httpApi'], {
    meaning: 'What takes requests: the URL of the function (streams, up to 200 MB), or an HTTP API (buffers)',
  }),
  domainName: optional(/^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}$/, 'a host name in lower case', {
    meaning: 'Name of your own, served by CloudFront in front of the URL. Needs certificateArn',
  }),
  certificateArn: optional(
    new RegExp(`^${ARN}:acm:us-east-1:\\d{12}:certificate/[0-9a-f-]+$`),
    'the ARN of a certificate in us-east-1, where CloudFront looks for it',
    { meaning: 'Certificate of that name, in us-east-1' },
  ),
  originSecret: whole(1, 1000, {
    default: '1',
    meaning:
      'Number of the secret that CloudFront shows to the function, which takes the one before it, too: one more makes a new one',
  }),
  site: onOff({
    default: 'false',
    meaning: 'Whether pages are published, with a CloudFront distribution that shows them',
  }),
  arch: choice(['arm64', 'x86_64'], {
    meaning: 'Processor of the functions; arm64 wakes up faster and costs less',
  }),
  apiMemory: whole(128, 10_240, {
    default: '1769',
    meaning:
      'Megabytes of the API function. 1769 are one whole processor; with less, a first write takes longer',
  }),
  apiTimeout: whole(3, 900, {
    default: '29',
    meaning:
      'Seconds that a request may take; at most 29 behind an HTTP API and 59 behind CloudFront, which wait a second longer',
  }),
  apiConcurrency: {
    default: '20',
    meaning:
      'Requests under way at once: reserved concurrency, more are answered 429. `none`: the limit of the account, as new accounts with a limit of 10 need it',
    parse: (text: string) => (text === 'none' ? text : parseWhole(1, 1000)(text)),
    wanted: 'a whole number from 1 to 1000, or none',
  },
  apiStorage: whole(512, 10_240, {
    default: '512',
    meaning:
      'Megabytes of /tmp of the API function: search keeps its index there, and git what is pushed and cloned',
  }),
  projectMemory: whole(128, 10_240, { default: '1769', meaning: 'Megabytes of the projection function' }),
  // A merge is begun with 35 seconds left only.
  projectTimeout: whole(60, 900, {
    default: '300',
    meaning: 'Seconds of a run of projections and upkeep; what is left is done by the next one',
  }),
  projectStorage: whole(512, 10_240, {
    default: '1024',
    meaning:
      'Megabytes of /tmp of the projection function: the search index is made there, and remotes are pulled to it',
  }),
  importMemory: whole(128, 10_240, {
    default: '4096',
    meaning:
      'Megabytes of the import function. A bundle may have half of them; an import reads with a thread more for each 1769 beyond the first',
  }),
  importTimeout: whole(60, 900, {
    default: '900',
    meaning:
      'Seconds of a run of the import function. A bundle must be done by then; an import goes on in the next run',
  }),
  importStorage: whole(512, 10_240, {
    default: '4096',
    meaning:
      'Megabytes of /tmp of the import function: a bundle is copied there, and an import sorts there what it commits',
  }),
  importAlarmHours: whole(1, 720, {
    default: '6',
    meaning: 'Hours after which an import that has not ended raises an alarm',
  }),
  prefetch: onOff({
    default: 'true',
    meaning: 'Whether init of the API function reads the ledger in advance',
  }),
  metrics: choice(['emf', 'none'], {
    meaning: 'Metrics in the log (embedded metric format); alarms rest on them',
  }),
  tracing: onOff({ default: 'false', meaning: 'X-Ray traces' }),
  logLevel: {
    default: 'info',
    // Without lines of errors nothing would tell of a lost ledger.
    meaning: `Least important lines that are logged: ${LEVELS.join(', ')}`,
    parse: parseChoice(LEVELS),
    wanted: `one of ${LEVELS.join(', ')}`,
  },
  logRetentionDays: {
    default: '30',
    meaning: 'Days for which logs are kept',
    parse: (text: string) => RETENTION.find(days => String(days) === text),
    wanted: `one of ${RETENTION.join(', ')}`,
  },
  alarmEmail: optional(/^[^\s@]+@[^\s@]+\.[^\s@]+$/, 'an e-mail address', {
    meaning: 'Who is told of alarms; AWS asks for a confirmation first. Not set: alarms only show',
  }),
  plugins: {
    default: '',
    meaning:
      'Plugins, in the order in which they are asked: scripts of this project, which are bundled with what they import',
    parse: (text: string) => {
      const sources = text.split(/[\s,]+/).filter(each => each !== '');
      return sources.every(each => /\.[cm]?[jt]s$/.test(each)) ? sources : undefined;
    },
    wanted: 'paths of scripts with commas or spaces between them',
  },
  ...CHOSEN_SETTINGS,
  proxySecretArn: secretArn(
    'Secret that a proxy of yours sends as `x-kittiwake-origin`. With it the proxy tells who is calling (`AUTH_METHOD=PROXY_HEADER`), and nobody comes in past it',
  ),
  previousProxySecretArn: secretArn('The secret of that proxy before, accepted as well'),
  databaseUrlSecretArn: secretArn('Secret that holds the `DATABASE_URL` of a PostgreSQL'),
  mailPasswordSecretArn: secretArn('Secret that holds the password of the SMTP server'),
  mailLinksSecretArn: secretArn(
    'Secret that links in mails and webhooks of remotes are signed with: `KITTIWAKE_MAIL_SECRET`',
  ),
  remoteCredentialsSecretArn: secretArn(
    'Secret that holds what remotes are shown: `KITTIWAKE_REMOTE_CREDENTIALS`',
  ),
  kmsKeyArn: optional(new RegExp(`^${ARN}:kms:[a-z0-9-]+:\\d{12}:key/[\\w-]+$`), 'the ARN of a KMS key', {
    meaning: 'Key that the bucket is encrypted with. Not set: the keys of S3 (SSE-S3)',
  }),
  uploadOrigins: {
    default: '*',
    meaning:
      'Origins from which browsers may use presigned URLs, with commas between them; `none`: no browser',
    parse: parseOrigins,
    wanted: '*, none, or origins such as https://example.org with commas between them',
  },
  destroyBucket: onOff({
    default: 'false',
    meaning: 'The bucket and all that is in it go with the stack. To be deployed before `npm run destroy`',
  }),
} satisfies Record<string, ContextValue<unknown>>;

function parseOrigins(text: string): readonly string[] | undefined {
  if (text === 'none') return [];
  const origins = text.split(',');
  return origins.every(origin => /^(\*|https?:\/\/[\w.*:-]+)$/.test(origin)) ? origins : undefined;
}
