import { describe, expect, test } from 'vitest';
import { resolver } from '../support/cloudformation.ts';
import { functionStatements, isAllowed } from '../support/iam.ts';
import { KEY_HASH, synthesise } from './synth.ts';

const { template, one, all } = synthesise();
const UUID = '466df9e00dff08e38e2f5088487c4896';
const BUCKET = `arn:aws:s3:::kittiwake-${UUID}`;
const NAMES = ['Api', 'Project', 'Import'] as const;

const idOf = (name: string) =>
  all('AWS::Lambda::Function').find(([id]) => id.startsWith(`Functions${name}`))?.[0] ?? '';
const propertiesOf = (name: string, made = { one }) => made.one('AWS::Lambda::Function', `Functions${name}`);
const environmentOf = (name: string, made = synthesise()) =>
  resolver(made.template)((propertiesOf(name, made).Environment as { Variables: unknown }).Variables);

describe.each(NAMES)('the function %s', name => {
  test('runs on arm64 under Node 24 with a log group that forgets', () => {
    const logs = one('AWS::Logs::LogGroup', `Functions${name}Logs`);
    expect(propertiesOf(name)).toMatchObject({
      Runtime: 'nodejs24.x',
      Architectures: ['arm64'],
      Handler: 'index.handler',
      LoggingConfig: { LogFormat: 'Text' },
    });
    expect(logs).toMatchObject({ RetentionInDays: 30 });
  });

  test('knows its store and its wiki', () => {
    expect(environmentOf(name)).toMatchObject({
      KITTIWAKE_STORE: `s3://kittiwake-${UUID}`,
      KITTIWAKE_WIKI: UUID,
      KITTIWAKE_DATA: '/tmp/kittiwake',
      KITTIWAKE_METRICS: 'emf',
      KITTIWAKE_TRACING: 'false',
      KITTIWAKE_LOG_LEVEL: 'info',
    });
  });

  test('has no right with a wildcard but for names below a prefix of its wiki', () => {
    const wide = functionStatements(template, idOf(name))
      .flatMap(({ actions, resources }) => [...actions, ...resources])
      .filter(text => text.includes('*') && !/^arn:aws:logs:[^*]+:\*$/.test(text));
    const prefixes = ['packs', 'raw', 'uploads', 'search', 'drafts', 'outbox', 'jobs', 'job-files', 'wakes'];
    if (name !== 'Import') prefixes.push('projections');
    if (name === 'Project') prefixes.push('site');
    const allowed = prefixes.map(prefix => `${prefix}/${UUID}/*`);
    allowed.push('auth/*');
    if (name !== 'Import') allowed.push('render/*');
    if (name !== 'Project') allowed.push(`tokens/${UUID}/*`, 'tokens/all/*');
    if (name === 'Import') allowed.push('imports/*', 'imports/*.result.json');
    expect(wide.filter(text => !allowed.some(key => text === `${BUCKET}/${key}`))).toEqual([]);
    expect(wide.length).toBeGreaterThan(0);
  });

  test('may not delete a ledger', () => {
    expect(may(name, 's3:DeleteObject', `ledger/${UUID}`)).toBe(false);
  });

  test('may find out that an object is not there', () => {
    const access = { action: 's3:ListBucket', resource: BUCKET };
    expect(isAllowed(functionStatements(template, idOf(name)), access)).toBe(true);
  });

  test('may swap the ledger of its wiki, and no other one', () => {
    for (const action of ['s3:GetObject', 's3:PutObject']) {
      expect(may(name, action, `ledger/${UUID}`)).toBe(true);
      expect(may(name, action, 'ledger/0123456789abcdef0123456789abcdef')).toBe(false);
    }
  });
});

function may(name: string, action: string, key: string): boolean {
  return isAllowed(functionStatements(template, idOf(name)), { action, resource: `${BUCKET}/${key}` });
}

test('only the projection function deletes, but for drafts, imports and their files', () => {
  const deleted = (name: string) =>
    functionStatements(template, idOf(name))
      .filter(({ actions }) => actions.some(action => /^s3:.*delete/i.test(action)))
      .flatMap(({ resources }) => resources.map(each => each.slice(BUCKET.length + 1).split('/')[0]));
  expect(deleted('Api')).toEqual(['drafts', 'jobs', 'job-files']);
  expect(deleted('Import')).toEqual(['job-files', 'wakes']);
  const disposable = ['packs', 'raw', 'uploads', 'search', 'drafts', 'outbox', 'site', 'render'];
  expect(deleted('Project')).toEqual([...disposable, 'jobs', 'job-files', 'wakes']);
});

const ACTIONS = ['s3:GetObject', 's3:PutObject', 's3:DeleteObject'];

test.each([
  // Upkeep tells tokens of their owners.
  [`auth/${'0'.repeat(64)}`, ['Api', 'Project', 'Import']],
  [`state/${UUID}`, ['Api', 'Project', 'Import']],
  [`tokens/${UUID}/a/b`, ['Api', 'Import']],
  ['tokens/all/a/b', ['Api', 'Import']],
  // The API has the webhooks there.
  [`projections/${UUID}/webhooks`, ['Api', 'Project']],
  [`projections/${'0'.repeat(32)}/webhooks`, []],
  [`state/${'0'.repeat(32)}`, []],
  ['state/server', []],
  ['wikis/main', []],
])('%s is reached by %j alone, and deleted by nobody', (key, names) => {
  const reaching = NAMES.filter(name => ACTIONS.some(action => may(name, action, key)));
  expect(reaching).toEqual(names);
  expect(NAMES.filter(name => may(name, 's3:DeleteObject', key))).toEqual([]);
});

test('the import function changes no user and no token, it looks whose rights an import has', () => {
  for (const key of [`auth/${'0'.repeat(64)}`, `state/${UUID}`, `tokens/${UUID}/a/b`, 'tokens/all/a/b']) {
    expect([may('Import', 's3:GetObject', key), may('Import', 's3:PutObject', key)]).toEqual([true, false]);
  }
});

test('the API reads an index and takes uploads, the projections publish an index', () => {
  expect(may('Api', 's3:GetObject', `search/${UUID}/current`)).toBe(true);
  expect(may('Api', 's3:PutObject', `search/${UUID}/current`)).toBe(false);
  expect(may('Api', 's3:PutObject', `uploads/${UUID}/some-id`)).toBe(true);
  expect(may('Project', 's3:PutObject', `search/${UUID}/current`)).toBe(true);
  expect(may('Project', 's3:DeleteObject', `uploads/${UUID}/some-id`)).toBe(true);
});

test('the import reads what is to be imported and writes results', () => {
  expect(may('Import', 's3:GetObject', 'imports/old.bundle')).toBe(true);
  expect(may('Import', 's3:PutObject', 'imports/old.bundle')).toBe(false);
  expect(may('Import', 's3:PutObject', 'imports/old.bundle.result.json')).toBe(true);
  expect(may('Api', 's3:GetObject', 'imports/old.bundle')).toBe(false);
});

test('the function that compiles the API may write its log, and do nothing else', () => {
  const statements = functionStatements(template, idOf('CodeCache'));
  expect(statements.flatMap(({ actions }) => actions)).toEqual(['logs:CreateLogStream', 'logs:PutLogEvents']);
  const open = all('AWS::Lambda::Permission').map(([, { Properties }]) =>
    JSON.stringify(Properties?.FunctionName),
  );
  expect(open.filter(target => target?.includes('CodeCache'))).toEqual([]);
});

test('no function has a policy of AWS', () => {
  for (const [, { Properties }] of all('AWS::IAM::Role'))
    expect(Properties?.ManagedPolicyArns).toBeUndefined();
});

test('the API has the hash of its key, the others do not', () => {
  expect(environmentOf('Api')).toMatchObject({
    KITTIWAKE_API_KEY_SHA256: KEY_HASH,
    KITTIWAKE_PREFETCH: 'true',
  });
  expect(environmentOf('Project')).not.toHaveProperty('KITTIWAKE_API_KEY_SHA256');
  expect(environmentOf('Import')).not.toHaveProperty('KITTIWAKE_API_KEY_SHA256');
});

test('each function ends in its time, and has the memory and the disk that its work needs', () => {
  expect(NAMES.map(name => propertiesOf(name))).toMatchObject([
    { Timeout: 29, MemorySize: 1769, EphemeralStorage: { Size: 512 }, ReservedConcurrentExecutions: 20 },
    { Timeout: 300, MemorySize: 1769, EphemeralStorage: { Size: 1024 } },
    { Timeout: 900, MemorySize: 4096, EphemeralStorage: { Size: 4096 } },
  ]);
});

describe('context values', () => {
  const made = synthesise({
    arch: 'x86_64',
    wiki: 'a'.repeat(32),
    apiMemory: '512',
    apiTimeout: '10',
    apiStorage: '1024',
    apiConcurrency: 'none',
    projectMemory: '256',
    projectTimeout: '60',
    projectStorage: '2048',
    importMemory: '1024',
    importTimeout: '600',
    importStorage: '2048',
    prefetch: 'false',
    metrics: 'none',
    tracing: 'true',
    logLevel: 'debug',
    logRetentionDays: '7',
    databaseUrlSecretArn: 'arn:aws:secretsmanager:eu-central-1:111122223333:secret:db-AbCdEf',
  });

  test('change what they name', () => {
    const properties = NAMES.map(name => propertiesOf(name, made));
    expect(properties).toMatchObject([
      { Timeout: 10, MemorySize: 512, EphemeralStorage: { Size: 1024 }, Architectures: ['x86_64'] },
      { Timeout: 60, MemorySize: 256, EphemeralStorage: { Size: 2048 }, Architectures: ['x86_64'] },
      { Timeout: 600, MemorySize: 1024, EphemeralStorage: { Size: 2048 }, Architectures: ['x86_64'] },
    ]);
    expect(properties[0]?.ReservedConcurrentExecutions).toBeUndefined();
    for (const each of properties) expect(each.TracingConfig).toEqual({ Mode: 'Active' });
    for (const [, { Properties }] of made.all('AWS::Logs::LogGroup')) {
      expect(Properties).toMatchObject({ RetentionInDays: 7 });
    }
  });

  test('reach the environment', () => {
    expect(environmentOf('Api', made)).toMatchObject({
      KITTIWAKE_WIKI: 'a'.repeat(32),
      KITTIWAKE_PREFETCH: 'false',
      KITTIWAKE_METRICS: 'none',
      KITTIWAKE_TRACING: 'true',
      KITTIWAKE_LOG_LEVEL: 'debug',
    });
  });

  test('move the permissions to the wiki that is named', () => {
    const statements = functionStatements(made.template, made.all('AWS::Lambda::Function')[0]?.[0] ?? '');
    const resource = `${BUCKET}/ledger/${'a'.repeat(32)}`;
    expect(isAllowed(statements, { action: 's3:PutObject', resource })).toBe(true);
  });

  test('put no secret into the template', () => {
    const url =
      '{{resolve:secretsmanager:arn:aws:secretsmanager:eu-central-1:111122223333:secret:db-AbCdEf:SecretString:::}}';
    expect(environmentOf('Api', made)).toMatchObject({ DATABASE_URL: url });
    expect(environmentOf('Project', made)).toMatchObject({ DATABASE_URL: url });
    expect(environmentOf('Import', made)).toMatchObject({ DATABASE_URL: url });
  });
});

test.each([
  ['512', { KITTIWAKE_IMPORT_WORKERS: '0', KITTIWAKE_IMPORT_BATCH: '4MiB' }],
  ['1769', { KITTIWAKE_IMPORT_WORKERS: '0' }],
  ['4096', { KITTIWAKE_IMPORT_WORKERS: '1' }],
  ['10240', { KITTIWAKE_IMPORT_WORKERS: '4' }],
])('with %s MB, imports have as many threads as there are processors', (importMemory, wanted) => {
  const found = Object.entries(environmentOf('Import', synthesise({ importMemory })) as object);
  const share = found.filter(([name]) => /^KITTIWAKE_IMPORT_(WORKERS|BATCH)$/.test(name));
  expect(Object.fromEntries(share)).toEqual(wanted);
});

test('a complete import wakes the function, and the schedule wakes it again', () => {
  for (const name of ['Api', 'Project'])
    expect(environmentOf(name)).toMatchObject({ KITTIWAKE_IMPORT_WAKES: 'true' });
});

describe('many wikis', () => {
  const made = synthesise({ tenants: 'path:/w', tenantGraceDays: '7' });
  const other = '0123456789abcdef0123456789abcdef';
  const mayMany = (name: string, action: string, key: string) => {
    const id = made.all('AWS::Lambda::Function').find(([each]) => each.startsWith(`Functions${name}`))?.[0];
    const statements = functionStatements(made.template, id ?? '');
    return isAllowed(statements, { action, resource: `${BUCKET}/${key}` });
  };

  test('are known to every function', () => {
    for (const name of NAMES) {
      expect(environmentOf(name, made)).toMatchObject({ KITTIWAKE_TENANTS: 'path:/w' });
    }
    expect(environmentOf('Project', made)).toMatchObject({ KITTIWAKE_TENANT_GRACE_DAYS: '7' });
  });

  test('are all reached, and their names', () => {
    for (const key of [`ledger/${other}`, `packs/${other}/a`, 'state/server', 'wikis/anna', 'tokens/all/a']) {
      expect([key, mayMany('Api', 's3:PutObject', key)]).toEqual([key, true]);
    }
    expect(mayMany('Import', 's3:GetObject', 'wikis/anna')).toBe(true);
    expect(mayMany('Import', 's3:PutObject', 'wikis/anna')).toBe(false);
    expect(mayMany('Import', 's3:GetObject', `state/${other}`)).toBe(true);
    expect(mayMany('Import', 's3:PutObject', `state/${other}`)).toBe(false);
  });

  test('are removed by the projection function alone', () => {
    const all = ['ledger', 'state', 'packs/x', 'tokens/x/y', 'drafts/x', 'wikis'].map(each => `${each}/a`);
    for (const key of [...all, `auth/${'0'.repeat(64)}`]) {
      const deletes = NAMES.map(name => mayMany(name, 's3:DeleteObject', key));
      expect([key, ...deletes]).toEqual([key, key.startsWith('drafts/'), true, false]);
    }
  });
});
