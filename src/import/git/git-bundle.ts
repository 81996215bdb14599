import { open } from 'node:fs/promises';
import { sourceCorrupt, sourceUnsupported } from '../errors.ts';
import type { GitRefs } from './git-refs.ts';

export interface GitBundle extends GitRefs {
  /** Where its pack begins in the file, in bytes. */
  packStart: number;
}

/** Longer headers are refused: 100,000 refs have about 8 MB. */
const MAX_HEADER_BYTES = 64 << 20;

const SIGNATURE = /^# v([23]) git bundle\n$/;

/** True for the first bytes of a bundle. */
export function isBundle(bytes: Uint8Array): boolean {
  return SIGNATURE.test(
    Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(16, bytes.byteLength)).toString('latin1'),
  );
}

/**
 * Reads the header of a bundle (gitformat-bundle(5), versions 2 and 3).
 * @param path for messages
 * @throws KittiwakeError `source_unsupported` for one that builds on commits it does not hold; `source_corrupt`
 */
export async function readBundle(file: string, path = file): Promise<GitBundle> {
  const { header, packStart } = await readHeader(file, path);
  return { ...parseHeader(path, header), packStart };
}

async function readHeader(file: string, path: string): Promise<{ header: string; packStart: number }> {
  const handle = await open(file);
  try {
    const { size } = await handle.stat();
    for (let wanted = 64 << 10; ; wanted *= 8) {
      const { buffer, bytesRead } = await handle.read(Buffer.alloc(Math.min(wanted, size)), 0, undefined, 0);
      const end = buffer.subarray(0, bytesRead).indexOf('\n\n');
      if (end >= 0) return { header: buffer.toString('utf8', 0, end), packStart: end + 2 };
      if (wanted >= Math.min(size, MAX_HEADER_BYTES))
        throw sourceCorrupt(path, 'the header of the bundle has no end');
    }
  } finally {
    await handle.close();
  }
}

function parseHeader(path: string, header: string): GitRefs {
  const refs = new Map<string, string>();
  let head: string | undefined;
  for (const line of header.split('\n').slice(1)) {
    if (line.startsWith('-')) {
      throw sourceUnsupported(
        path,
        'the bundle builds on commits that it does not hold; make one with "git bundle create FILE --all"',
      );
    }
    if (line.startsWith('@')) checkCapability(path, line);
    const match = /^([0-9a-f]{40}) (\S+)$/.exec(line);
    if (match?.[1] === undefined || match[2] === undefined) continue;
    if (match[2] === 'HEAD') head = match[1];
    else refs.set(match[2], match[1]);
  }
  return { refs, head, headRef: undefined };
}

function checkCapability(path: string, line: string): void {
  if (line === '@object-format=sha1') return;
  if (line.startsWith('@filter='))
    throw sourceUnsupported(path, 'the bundle leaves objects out (it has a filter)');
  throw sourceUnsupported(
    path,
    `the bundle asks for ${JSON.stringify(line.slice(1))}, which is not known here`,
  );
}
