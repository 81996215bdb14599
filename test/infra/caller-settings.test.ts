import { describe, expect, test } from 'vitest';
import { readConfig } from '../../src/core/config.ts';
import { unknownVariables } from '../../src/core/unknown-variables.ts';
import { resolver } from '../support/cloudformation.ts';
import { synthesise } from './synth.ts';

function environmentOf(name: string, made = synthesise()): unknown {
  const { Environment } = made.one('AWS::Lambda::Function', `Functions${name}`);
  return resolver(made.template)((Environment as { Variables: unknown }).Variables);
}

describe('settings of who may come in', () => {
  const PREVIOUS = 'cd'.repeat(32);
  const made = synthesise({
    readAccess: 'ANONYMOUS',
    jwtIssuer: 'https://id.example.org',
    jwtAudience: 'wiki',
    jwtGroupsClaim: 'cognito:groups',
    rolesWrite: 'editors, staff',
    tokenStaleness: '5',
    rateLimitWrites: '60',
    maxPages: '1000',
    maxWikiSize: '50MiB',
    draftDays: '7',
    previousApiKeySha256: PREVIOUS,
  });

  test('reach the API in its variables, and what upkeep needs the projection function', () => {
    expect(environmentOf('Api', made)).toMatchObject({
      KITTIWAKE_READ_ACCESS: 'ANONYMOUS',
      KITTIWAKE_JWT_ISSUER: 'https://id.example.org',
      KITTIWAKE_JWT_AUDIENCE: 'wiki',
      KITTIWAKE_JWT_GROUPS_CLAIM: 'cognito:groups',
      KITTIWAKE_AUTH_ROLES_WRITE: 'editors, staff',
      KITTIWAKE_TOKEN_STALENESS: '5',
      KITTIWAKE_RATE_LIMIT_WRITES: '60',
      KITTIWAKE_MAX_PAGES: '1000',
      KITTIWAKE_MAX_WIKI_SIZE: '50MiB',
      KITTIWAKE_DRAFT_DAYS: '7',
      KITTIWAKE_API_KEY_PREVIOUS_SHA256: PREVIOUS,
    });
    expect(environmentOf('Project', made)).toMatchObject({ KITTIWAKE_DRAFT_DAYS: '7' });
    expect(environmentOf('Project', made)).not.toHaveProperty('KITTIWAKE_API_KEY_PREVIOUS_SHA256');
    expect(environmentOf('Project', made)).not.toHaveProperty('KITTIWAKE_JWT_ISSUER');
  });

  test('of git reach the functions that land pushes', () => {
    const stack = synthesise({ gitRefs: 'all', gitServer: 'false', gitMaxPush: '10MiB', importMax: '1GiB' });
    const git = { KITTIWAKE_GIT_REFS: 'all', KITTIWAKE_IMPORT_MAX: '1GiB' };
    expect(environmentOf('Api', stack)).toMatchObject({
      ...git,
      KITTIWAKE_GIT_SERVER: 'false',
      KITTIWAKE_GIT_MAX_PUSH: '10MiB',
    });
    expect(environmentOf('Import', stack)).toMatchObject(git);
    expect(environmentOf('Project', stack)).not.toHaveProperty('KITTIWAKE_GIT_REFS');
  });

  test('are understood by the function', () => {
    const env = { ...(environmentOf('Api', made) as Record<string, string>), AWS_REGION: 'eu-central-1' };
    const { config } = readConfig({ env });
    expect(unknownVariables(env)).toEqual([]);
    expect(config).toMatchObject({
      readAccess: 'ANONYMOUS',
      tokenStalenessMs: 5_000,
      maxWikiBytes: 50 << 20,
    });
    expect(config.rolesWrite).toEqual(['editors', 'staff']);
  });

  test('that are left as they are stand in no template', () => {
    const named = Object.keys(environmentOf('Api') as object);
    expect(named.filter(name => /ACCESS|JWT|ROLES|RATE|MAX_|DAYS|TENANTS|SCHEMA/.test(name))).toEqual([]);
  });
});

describe('a proxy that tells who is calling', () => {
  const proxySecretArn = 'arn:aws:secretsmanager:eu-central-1:111122223333:secret:proxy-AbCdEf';
  const previousProxySecretArn = proxySecretArn.replace('proxy', 'older');

  test('is believed by the secret that it sends, or the one before', () => {
    const made = synthesise({ proxySecretArn, previousProxySecretArn });
    expect(environmentOf('Api', made)).toMatchObject({
      KITTIWAKE_AUTH_METHOD: 'PROXY_HEADER',
      KITTIWAKE_ORIGIN_SECRET: `{{resolve:secretsmanager:${proxySecretArn}:SecretString:::}}`,
      KITTIWAKE_ORIGIN_SECRET_PREVIOUS: `{{resolve:secretsmanager:${previousProxySecretArn}:SecretString:::}}`,
    });
    expect(environmentOf('Project', made)).not.toHaveProperty('KITTIWAKE_ORIGIN_SECRET');
  });
});
