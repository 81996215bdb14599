import type { GitServer } from './cloning.ts';

const packet = (text: string) => (Buffer.byteLength(text) + 4).toString(16).padStart(4, '0') + text;

/** Milliseconds until the first bytes of the pack of a clone come; the rest is not taken. */
export async function firstByteMs({ url, authorization }: GitServer, head: string): Promise<number> {
  const lines = ['ofs-delta', 'thin-pack', 'no-progress', `want ${head}`, 'done'];
  const body = `${packet('command=fetch')}0001${lines.map(line => packet(`${line}\n`)).join('')}0000`;
  const startMs = performance.now();
  const response = await fetch(`${url}/git-upload-pack`, {
    method: 'POST',
    headers: {
      authorization,
      'git-protocol': 'version=2',
      'content-type': 'application/x-git-upload-pack-request',
    },
    body,
  });
  let seen = '';
  for await (const chunk of response.body ?? []) {
    seen += Buffer.from(chunk).toString('latin1');
    if (seen.includes('\u0001PACK')) return performance.now() - startMs;
  }
  throw new Error(`Fetching from ${url} fails: ${response.status} ${seen.slice(0, 200)}`);
}
