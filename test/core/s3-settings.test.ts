import { describe, expect, test } from 'vitest';
import { readCommandLine } from '../../src/core/command-line.ts';

function read(args: string[], env: Record<string, string> = {}) {
  return readCommandLine({ args, env });
}

describe('a store in S3', () => {
  test('is a bucket and a prefix', () => {
    const at = (url: string) => read(['--store', url], { AWS_REGION: 'eu-central-1' }).config.store;
    expect(at('s3://wikis')).toEqual({ kind: 's3', bucket: 'wikis', prefix: '' });
    expect(at('s3://wikis/')).toEqual({ kind: 's3', bucket: 'wikis', prefix: '' });
    expect(at('s3://my.wikis/a/b-c/')).toEqual({ kind: 's3', bucket: 'my.wikis', prefix: 'a/b-c' });
  });

  test('may stand beside a data folder', () => {
    const { config } = read(['--store', 's3://wikis', '--data', './a'], { AWS_REGION: 'x-1' });
    expect(config).toMatchObject({ data: './a', s3Region: 'x-1' });
  });

  test('has the region us-east-1 at another server than AWS', () => {
    const { config } = read(['--store', 's3://wikis'], { AWS_ENDPOINT_URL: 'http://127.0.0.1:9000' });
    expect(config).toMatchObject({ s3Region: 'us-east-1', s3Endpoint: 'http://127.0.0.1:9000' });
  });

  test('takes the more special of two variables that differ', () => {
    const { config } = read([], {
      AWS_ENDPOINT_URL: 'http://a',
      AWS_ENDPOINT_URL_S3: 'http://b',
      AWS_REGION: 'c',
      AWS_DEFAULT_REGION: 'd',
    });
    expect(config).toMatchObject({ s3Endpoint: 'http://b', s3Region: 'c' });
  });

  test('has its credentials among the secrets', () => {
    const env = { AWS_ACCESS_KEY_ID: 'id', AWS_SECRET_ACCESS_KEY: 'very secret', AWS_SESSION_TOKEN: '' };
    const { config, secrets } = read([], env);
    expect(secrets.aws).toMatchObject({ accessKeyId: 'id', secretAccessKey: 'very secret' });
    expect(secrets.aws?.sessionToken).toBeUndefined();
    expect(JSON.stringify(config)).not.toContain('secret');
  });
});
