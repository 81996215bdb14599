import { KittiwakeClientError } from './errors.ts';
import type { Settings } from './options.ts';
import { send } from './retry.ts';

/** Bytes for a URL that was signed for them. */
export interface Upload {
  url: string;
  headers: Readonly<Record<string, string>>;
  blob: Blob;
  signal: AbortSignal | undefined;
}

/** Not what the API calls an endpoint: the URL is a secret, and stands in no message. */
const STORE = 'PUT to the store';

/**
 * Sends bytes straight to the store, without who is calling. The same bytes may be sent again.
 * @throws KittiwakeClientError `upload_refused`; `network_failed`, `timed_out`
 */
export async function sendBytes(
  { url, headers, blob, signal }: Upload,
  settings: Settings,
): Promise<Headers> {
  const transferMs = blob.size / 100;
  const patient = {
    ...settings,
    timeoutMs: settings.timeoutMs + transferMs,
    deadlineMs: settings.deadlineMs + transferMs,
  };
  const outgoing = { endpoint: STORE, method: 'PUT', url, headers, body: blob, signal, streams: true };
  try {
    const { response } = await send(outgoing, { repeatable: true, key: undefined }, patient);
    await response.body?.cancel();
    return response.headers;
  } catch (error) {
    if (error instanceof KittiwakeClientError && error.status >= 400 && !error.retryable)
      throw new KittiwakeClientError(
        'upload_refused',
        `Uploading failed: the store answered ${error.status}`,
        {
          status: error.status,
          cause: error,
        },
      );
    throw error;
  }
}
