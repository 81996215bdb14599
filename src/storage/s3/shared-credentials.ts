import type { Credentials } from './credentials.ts';
import { credentialsAbsent } from './errors.ts';

/**
 * Lets the AWS SDK look for credentials: profiles, SSO, assumed roles, web identity, processes, instance roles. It reads
 * the environment and the files it knows by itself.
 * @throws KittiwakeError `storage_credentials`
 */
export async function findSharedCredentials(): Promise<Credentials> {
  const { defaultProvider } = await import('@aws-sdk/credential-provider-node');
  try {
    const { accessKeyId, secretAccessKey, sessionToken, expiration } = await defaultProvider()();
    return { accessKeyId, secretAccessKey, sessionToken, expiresAtMs: expiration?.getTime() };
  } catch (error) {
    const said = error instanceof Error ? error.message : String(error);
    throw credentialsAbsent(
      `AWS_ACCESS_KEY_ID and AWS_CONTAINER_CREDENTIALS_RELATIVE_URI or _FULL_URI are not set, and the SDK found none in profiles, SSO, web identity and the instance's role: ${said}`,
      error,
    );
  }
}
