import { FUNCTION_REGION } from '../../support/lambda/function-process.ts';
import type { ServerCredentials } from '../../support/s3-server/credentials.ts';

/** The environment that leads to an S3 server in place of AWS, with somebody's credentials. */
export function reaching(endpoint: string, credentials: ServerCredentials): Record<string, string> {
  const { accessKeyId, secretAccessKey, sessionToken } = credentials;
  return {
    AWS_ENDPOINT_URL_S3: endpoint,
    KITTIWAKE_S3_ADDRESSING: 'path',
    AWS_REGION: FUNCTION_REGION,
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretAccessKey,
    ...(sessionToken === undefined ? {} : { AWS_SESSION_TOKEN: sessionToken }),
  };
}
