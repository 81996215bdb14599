import type { AwsVariables } from '../../core/config.ts';
import type { Runtime } from '../../core/runtime.ts';
import type { Credentials } from './credentials.ts';
import { credentialsAbsent } from './errors.ts';

export interface CredentialOptions {
  variables: AwsVariables;
  runtime: Runtime;
}

/** Credentials are renewed this long before they expire. */
const RENEWED_BEFORE_MS = 5 * 60_000;

/** When that failed while the old ones still serve, it is not tried again for so long. */
const RENEWED_AGAIN_AFTER_MS = 20_000;

/**
 * Finds credentials: in the environment, at the endpoint of a container or function, else wherever the AWS SDK looks
 * (profiles, SSO, web identity, instance roles), which is loaded for that. Concurrent callers share one search; one
 * that failed is forgotten.
 */
export class CredentialSource {
  readonly #options: CredentialOptions;
  #known: Credentials | undefined;
  #notBeforeMs = 0;
  #search: Promise<Credentials> | undefined;

  constructor(options: CredentialOptions) {
    this.#options = options;
  }

  /** @throws KittiwakeError `storage_credentials` */
  get(): Credentials | Promise<Credentials> {
    const known = this.#known;
    if (known !== undefined && !this.#isDue(known)) return known;
    this.#search ??= this.#renew(known).finally(() => {
      this.#search = undefined;
    });
    return this.#search;
  }

  /** To be called when the other side says that they have expired. */
  forget(refused: Credentials): void {
    if (this.#known === refused) this.#known = undefined;
  }

  async #renew(known: Credentials | undefined): Promise<Credentials> {
    try {
      this.#known = await findCredentials(this.#options.variables);
      return this.#known;
    } catch (error) {
      const nowMs = this.#options.runtime.now();
      if (known === undefined || (known.expiresAtMs ?? 0) <= nowMs) throw error;
      this.#notBeforeMs = nowMs + RENEWED_AGAIN_AFTER_MS;
      return known;
    }
  }

  #isDue({ expiresAtMs }: Credentials): boolean {
    if (expiresAtMs === undefined) return false;
    const nowMs = this.#options.runtime.now();
    if (expiresAtMs <= nowMs) return true;
    return expiresAtMs - RENEWED_BEFORE_MS <= nowMs && this.#notBeforeMs <= nowMs;
  }
}

async function findCredentials(variables: AwsVariables): Promise<Credentials> {
  const { accessKeyId, secretAccessKey, sessionToken } = variables;
  if (accessKeyId !== undefined && secretAccessKey !== undefined) {
    return { accessKeyId, secretAccessKey, sessionToken };
  }
  if (accessKeyId !== undefined || secretAccessKey !== undefined) {
    const [set, missing] = ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY'];
    throw credentialsAbsent(
      accessKeyId === undefined ? `${missing} is set without ${set}` : `${set} is set without ${missing}`,
    );
  }
  if (variables.containerRelativeUri !== undefined || variables.containerFullUri !== undefined) {
    const { fetchContainerCredentials } = await import('./container-credentials.ts');
    return await fetchContainerCredentials(variables);
  }
  const { findSharedCredentials } = await import('./shared-credentials.ts');
  return await findSharedCredentials();
}
