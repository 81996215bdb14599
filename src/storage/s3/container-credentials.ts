import type { AwsVariables } from '../../core/config.ts';
import type { Credentials } from './credentials.ts';
import { credentialsAbsent } from './errors.ts';

const TIMEOUT_MS = 2000;

/** Hosts that may be asked without TLS: this machine, and the link-local addresses of ECS and EKS. */
const PLAIN_HOSTS = ['127.0.0.1', 'localhost', '[::1]', '169.254.170.2', '169.254.170.23', '[fd00:ec2::23]'];

/**
 * The credentials of a container's or function's role.
 * https://docs.aws.amazon.com/sdkref/latest/guide/feature-container-credentials.html
 * @throws KittiwakeError `storage_credentials`
 */
export async function fetchContainerCredentials(variables: AwsVariables): Promise<Credentials> {
  const url = endpointOf(variables);
  const authorization = readToken(variables);
  const answer = await request(url, authorization === undefined ? {} : { authorization });
  const parsed = parse(answer.text);
  if (answer.status !== 200 || parsed === undefined) {
    throw credentialsAbsent(`${url.href} answers ${answer.status} without credentials`);
  }
  return parsed;
}

function endpointOf({ containerRelativeUri, containerFullUri }: AwsVariables): URL {
  if (containerRelativeUri !== undefined) return new URL(containerRelativeUri, 'http://169.254.170.2');
  const name = 'AWS_CONTAINER_CREDENTIALS_FULL_URI';
  const url = URL.parse(containerFullUri ?? '');
  if (url === null) throw credentialsAbsent(`${name} is "${containerFullUri}", it must be a URL`);
  if (url.protocol === 'https:' || PLAIN_HOSTS.includes(url.hostname)) return url;
  throw credentialsAbsent(`${name} is "${url.href}", it must be https or an address of this machine`);
}

/** The file wins: its content is renewed. */
function readToken({ containerToken, containerTokenFile }: AwsVariables): string | undefined {
  if (containerTokenFile === undefined) return containerToken;
  try {
    return process.getBuiltinModule('node:fs').readFileSync(containerTokenFile, 'utf8').trim();
  } catch (error) {
    throw credentialsAbsent(
      `AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE is "${containerTokenFile}", which cannot be read`,
      error,
    );
  }
}

function request(url: URL, headers: Record<string, string>): Promise<{ status: number; text: string }> {
  const http =
    url.protocol === 'https:'
      ? process.getBuiltinModule('node:https')
      : process.getBuiltinModule('node:http');
  return new Promise((resolve, reject) => {
    const fail = (error: Error) => reject(credentialsAbsent(`asking ${url.href} failed`, error));
    const call = http.request(url, { headers, timeout: TIMEOUT_MS, agent: false }, response => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.once('error', fail);
      response.once('end', () =>
        resolve({ status: response.statusCode ?? 0, text: Buffer.concat(chunks).toString() }),
      );
    });
    call.once('timeout', () => call.destroy(new Error(`no answer for ${TIMEOUT_MS} ms`)));
    call.once('error', fail);
    call.end();
  });
}

function parse(text: string): Credentials | undefined {
  let fields: Record<string, unknown>;
  try {
    fields = JSON.parse(text);
  } catch {
    return undefined;
  }
  const { AccessKeyId, SecretAccessKey, Token, Expiration } = fields;
  if (typeof AccessKeyId !== 'string' || typeof SecretAccessKey !== 'string') return undefined;
  const expiresAtMs = typeof Expiration === 'string' ? Date.parse(Expiration) : Number.NaN;
  return {
    accessKeyId: AccessKeyId,
    secretAccessKey: SecretAccessKey,
    sessionToken: typeof Token === 'string' ? Token : undefined,
    expiresAtMs: Number.isNaN(expiresAtMs) ? undefined : expiresAtMs,
  };
}
