/** More is no set of keys. */
const MAX_BYTES = 1_000_000;

/**
 * Reads a JSON document over HTTPS, or HTTP. The global `fetch` is not used: its first use loads undici, which takes 20 ms.
 * Redirects are not followed.
 * @throws Error when it is not there, too large, no JSON, or late
 */
export function fetchJson(url: string, timeoutMs: number): Promise<unknown> {
  const { get } = url.startsWith('https:')
    ? process.getBuiltinModule('node:https')
    : process.getBuiltinModule('node:http');
  const options = { headers: { accept: 'application/json' }, signal: AbortSignal.timeout(timeoutMs) };
  return new Promise((resolve, reject) => {
    const request = get(url, options, async response => {
      try {
        if (response.statusCode !== 200) throw new Error(`the status is ${response.statusCode}, wanted 200`);
        resolve(JSON.parse((await read(response)).toString('utf8')));
      } catch (error) {
        reject(error);
      } finally {
        request.destroy();
      }
    });
    request.on('error', reject);
  });
}

async function read(chunks: AsyncIterable<Buffer>): Promise<Buffer> {
  const parts: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of chunks) {
    bytes += chunk.length;
    if (bytes > MAX_BYTES) throw new Error(`it has more than ${MAX_BYTES} bytes`);
    parts.push(chunk);
  }
  return Buffer.concat(parts);
}
