import { join } from 'node:path';
import type { Metric, MetricOptions } from 'aws-cdk-lib/aws-cloudwatch';
import type { Bucket } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import type { MetricName } from '../src/core/metrics.ts';
import { pluginFiles } from './functions/plugins.ts';
import { keysOf, type WikiKeys } from './keys.ts';
import { allowMails, mailSecrets } from './mails.ts';
import { ownMetric } from './metrics.ts';
import { type OriginSecrets, secretReference } from './origin-secret.ts';
import type { StackContext } from './read-context.ts';
import { settingVariables } from './settings-context.ts';
import { apiAccess, importAccess, projectAccess, type Served } from './store-access.ts';
import { WikiFunction, type WikiFunctionProps } from './wiki-function.ts';

export interface WikiFunctionsProps {
  context: StackContext;
  bucket: Bucket;
  uuid: string;
  functionsFolder: string;
  originSecret: OriginSecrets | undefined;
}

type Own = Omit<WikiFunctionProps, 'context' | 'bucket' | 'uuid' | 'folder'>;

/** The functions of a wiki, by the folder of their code. */
export class WikiFunctions extends Construct {
  readonly api: WikiFunction;
  readonly project: WikiFunction;
  readonly import: WikiFunction;
  /** Of the files of the API function: see `functions/code-cache/handler.ts`. */
  readonly codeCache: WikiFunction;

  readonly #uuid: string;

  constructor(scope: Construct, id: string, props: WikiFunctionsProps) {
    super(scope, id);
    this.#uuid = props.uuid;
    const create = (name: string, own: Own, files = name.toLowerCase()) => {
      const { context, bucket, uuid, functionsFolder } = props;
      return new WikiFunction(this, name, {
        ...{ context, bucket, uuid, ...own },
        folder: join(functionsFolder, files),
      });
    };
    this.api = create('Api', api(props));
    this.project = create('Project', project(props));
    allowMails(this.project.function, props.context);
    this.import = create('Import', importing(props));
    this.codeCache = create('CodeCache', codeCache(props), 'api');
  }

  /** What the API function tells of itself: see {@link ownMetric}. */
  apiMetric(name: MetricName, options: MetricOptions = {}): Metric {
    return ownMetric(name, { wiki: this.#uuid, functionName: 'api' }, options);
  }

  /** What the projection function tells of what follows from commits; of many wikis, that of each. */
  projectMetric(name: MetricName, options: MetricOptions = {}): Metric {
    return ownMetric(name, { wiki: this.#uuid, functionName: 'project' }, options);
  }

  /** What the import function tells of its runs; of many wikis, that of each. */
  importMetric(name: MetricName, options: MetricOptions = {}): Metric {
    return ownMetric(name, { wiki: this.#uuid, functionName: 'import' }, options);
  }

  /** By the name that each has in metrics. */
  byName(): [name: string, of: WikiFunction][] {
    return [
      ['api', this.api],
      ['project', this.project],
      ['import', this.import],
    ];
  }
}

function api(props: WikiFunctionsProps): Own {
  const { context } = props;
  return {
    description: 'Kittiwake: reads and writes pages',
    handler: context.frontDoor === 'httpApi' ? 'index.bufferedHandler' : 'index.handler',
    access: apiAccess(...placeOf(props)),
    timeoutSeconds: context.apiTimeout,
    memoryMegabytes: context.apiMemory,
    storageMegabytes: context.apiStorage,
    reservedConcurrency: context.apiConcurrency === 'none' ? undefined : context.apiConcurrency,
    environment: {
      KITTIWAKE_API_KEY_SHA256: context.apiKeySha256,
      KITTIWAKE_PREFETCH: String(context.prefetch),
      ...previousKey(context),
      ...originVariables(props),
      ...databaseUrl(context),
      ...remoteCredentials(context),
      ...mailSecrets(context, ['KITTIWAKE_MAIL_SECRET']),
      ...apiAddress(context),
      ...pluginVariables(context),
      ...WOKEN,
      ...settingVariables(context),
    },
  };
}

/** With the memory of the API function: the platform may give Node flags that depend on it, and V8 then keeps other code. */
function codeCache({ context }: WikiFunctionsProps): Own {
  return {
    description: 'Kittiwake: compiles the API function, called by npm run deploy',
    handler: 'code-cache.handler',
    timeoutSeconds: 60,
    memoryMegabytes: context.apiMemory,
    storageMegabytes: 512,
  };
}

/** Imports are carried out by a function of their own. */
const WOKEN = { KITTIWAKE_IMPORT_WAKES: 'true' };

/** What one whole processor comes with. */
const PROCESSOR_MEGABYTES = 1769;

/** What imports and pushes that were sent ahead look at: who may do what, how pages are named and described, and how they are bounded. */
const IMPORT_SETTINGS = [
  ...(['readAccess', 'writeAccess', 'attachmentAccess', 'maxPages', 'maxWikiSize'] as const),
  ...(['schema', 'tenants', 'mail', 'importHours', 'importMax', 'gitRefs'] as const),
];

/** What upkeep and projections look at. */
const PROJECT_SETTINGS = [
  ...(['readAccess', 'writeAccess', 'attachmentAccess'] as const),
  ...(['draftDays', 'auditDays', 'schema', 'tenants', 'tenantGraceDays'] as const),
  ...(['siteAudience', 'siteUrl', 'siteName', 'siteDescription', 'siteLang', 'robotsTxt'] as const),
  ...(['rendererHtmlAllowlist', 'openLinksInNewTab', 'renderTimeout', 'maxRender'] as const),
  ...(['apiUrl', 'mail', 'mailSender', 'mailServer', 'mailPort', 'mailUsername'] as const),
  ...(['mailUseTls', 'mailUseSsl', 'adminEmail', 'webhookAllow'] as const),
  ...(['importRetention', 'importHours'] as const),
  ...(['maxPages', 'maxWikiSize', 'remoteAllow', 'remoteMax'] as const),
];

function project(props: WikiFunctionsProps): Own {
  const { context } = props;
  const [keys, served] = placeOf(props);
  return {
    description: 'Kittiwake: projections and upkeep',
    access: projectAccess(keys, served),
    timeoutSeconds: context.projectTimeout,
    memoryMegabytes: context.projectMemory,
    storageMegabytes: context.projectStorage,
    environment: {
      ...databaseUrl(context),
      ...remoteCredentials(context),
      ...mailSecrets(context, ['KITTIWAKE_MAIL_SECRET', 'KITTIWAKE_MAIL_PASSWORD']),
      ...apiAddress(context),
      ...pluginVariables(context),
      ...WOKEN,
      ...settingVariables(context, PROJECT_SETTINGS),
      ...(context.site ? {} : { KITTIWAKE_SITE: 'false' }),
    },
  };
}

function importing(props: WikiFunctionsProps): Own {
  const { context } = props;
  return {
    description: 'Kittiwake: imports',
    access: importAccess(...placeOf(props)),
    timeoutSeconds: context.importTimeout,
    memoryMegabytes: context.importMemory,
    storageMegabytes: context.importStorage,
    // It puts a mail where the projection function sends it from.
    environment: {
      ...databaseUrl(context),
      ...pluginVariables(context),
      ...importShare(context),
      ...settingVariables(context, IMPORT_SETTINGS),
    },
  };
}

/** Processors come with memory; the thread that reads has one of them. */
function importShare({ importMemory }: StackContext): Record<string, string> {
  const workers = Math.max(0, Math.floor(importMemory / PROCESSOR_MEGABYTES) - 1);
  return {
    KITTIWAKE_IMPORT_WORKERS: String(workers),
    ...(importMemory < PROCESSOR_MEGABYTES ? { KITTIWAKE_IMPORT_BATCH: '4MiB' } : {}),
  };
}

/** Of one wiki, or of all that are in the bucket. */
function placeOf({ context, uuid }: WikiFunctionsProps): [keys: WikiKeys, served: Served] {
  return context.tenants === '' ? [keysOf(uuid), 'one'] : [keysOf('*'), 'many'];
}

function previousKey({ previousApiKeySha256: hash }: StackContext): Record<string, string> {
  return hash === undefined ? {} : { KITTIWAKE_API_KEY_PREVIOUS_SHA256: hash };
}

function originVariables({ context, originSecret }: WikiFunctionsProps): Record<string, string> {
  if (originSecret === undefined) return {};
  const { current, previous } = originSecret;
  return {
    KITTIWAKE_ORIGIN_SECRET: current,
    ...(previous === undefined ? {} : { KITTIWAKE_ORIGIN_SECRET_PREVIOUS: previous }),
    ...(context.proxySecretArn === undefined ? {} : { KITTIWAKE_AUTH_METHOD: 'PROXY_HEADER' }),
  };
}

function pluginVariables({ plugins }: StackContext): Record<string, string> {
  return plugins.length === 0 ? {} : { KITTIWAKE_PLUGINS: pluginFiles(plugins).join(' ') };
}

/** A name of its own is the address of the API, unless another one is given. */
function apiAddress({ domainName }: StackContext): Record<string, string> {
  return domainName === undefined ? {} : { KITTIWAKE_URL: `https://${domainName}` };
}

/** A dynamic reference: the URL, with its password, stands in no template. */
function databaseUrl({ databaseUrlSecretArn: arn }: StackContext): Record<string, string> {
  return arn === undefined ? {} : { DATABASE_URL: secretReference(arn) };
}

/** The same of what remotes are shown. */
function remoteCredentials({ remoteCredentialsSecretArn: arn }: StackContext): Record<string, string> {
  return arn === undefined ? {} : { KITTIWAKE_REMOTE_CREDENTIALS: secretReference(arn) };
}
