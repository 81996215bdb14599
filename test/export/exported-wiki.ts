import { ExportedVersion } from '../../src/export/exported-version.ts';
import { type NdjsonOptions, ndjsonLines } from '../../src/export/ndjson-lines.ts';
import { SpilledDirectory } from '../../src/export/zip/zip-directory.ts';
import { zipStream } from '../../src/export/zip/zip-stream.ts';
import type { LedgerRepository } from '../../src/git/open.ts';

export async function bytesOf(chunks: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  for await (const chunk of chunks) parts.push(chunk);
  return Buffer.concat(parts);
}

/** The wiki as a ZIP archive in memory. */
export async function zipOf(repository: LedgerRepository, at?: string, prefix?: string): Promise<Buffer> {
  const directory = new SpilledDirectory();
  try {
    return await bytesOf(
      zipStream({ version: await ExportedVersion.open(repository, at), prefix, directory }),
    );
  } finally {
    directory.close();
  }
}

/** The wiki as lines of JSON. */
export async function linesOf(
  repository: LedgerRepository,
  options: Partial<NdjsonOptions> = {},
  at?: string,
): Promise<Record<string, unknown>[]> {
  const version = await ExportedVersion.open(repository, at);
  const naming = { retainPageNameCase: false };
  const bytes = await bytesOf(ndjsonLines({ version, naming, attachments: false, ...options }));
  const text = bytes.toString('utf8');
  return text
    .split('\n')
    .slice(0, -1)
    .map(line => JSON.parse(line));
}
