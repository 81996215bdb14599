import { sourceCorrupt, sourceUnsupported } from '../errors.ts';
import type { GitRefs } from './git-refs.ts';

export interface GitBundle extends GitRefs {
  pack: Buffer;
}

const SIGNATURE = /^# v([23]) git bundle\n$/;

/** True for the first bytes of a bundle. */
export function isBundle(bytes: Uint8Array): boolean {
  return SIGNATURE.test(
    Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(16, bytes.byteLength)).toString('latin1'),
  );
}

/**
 * Reads a bundle (gitformat-bundle(5), versions 2 and 3).
 * @throws KittiwakeError `source_unsupported` for one that builds on commits it does not hold; `source_corrupt`
 */
export function readBundle(path: string, bytes: Buffer): GitBundle {
  const end = bytes.indexOf('\n\n');
  if (end < 0) throw sourceCorrupt(path, 'the header of the bundle has no end');
  const refs = new Map<string, string>();
  let head: string | undefined;
  const lines = bytes.toString('utf8', 0, end).split('\n').slice(1);
  for (const line of lines) {
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
  return { refs, head, headRef: undefined, pack: bytes.subarray(end + 2) };
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
