import { S3Error } from './s3-error.ts';

/** https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming-trailers.html */
export interface Chunked {
  chunks: { bytes: Buffer; signature: string }[];
  /** Names in lower case, without `x-amz-trailer-signature`. */
  trailers: Record<string, string>;
  /** As they are signed: `name:value\n` each. */
  rawTrailers: string;
  trailerSignature: string;
}

/** Takes the framing of `aws-chunked` apart. @throws S3Error `IncompleteBody` */
export function decodeChunks(raw: Buffer): Chunked {
  const chunks: Chunked['chunks'] = [];
  let at = 0;
  for (;;) {
    const end = raw.indexOf('\r\n', at);
    const match = /^([0-9a-f]+)(?:;chunk-signature=([0-9a-f]{64}))?$/i.exec(raw.toString('latin1', at, end));
    if (end === -1 || match === null) throw new S3Error('IncompleteBody', 'A chunk has no size');
    const size = Number.parseInt(match[1] ?? '', 16);
    const start = end + 2;
    chunks.push({ bytes: raw.subarray(start, start + size), signature: match[2] ?? '' });
    if (size === 0) return { chunks, ...decodeTrailers(raw.toString('latin1', start)) };
    if (raw.toString('latin1', start + size, start + size + 2) !== '\r\n') {
      throw new S3Error('IncompleteBody', 'A chunk is not as long as it says');
    }
    at = start + size + 2;
  }
}

function decodeTrailers(text: string): Omit<Chunked, 'chunks'> {
  const lines = text.split(/\r?\n/).filter(line => line !== '');
  const pairs = lines.map(line => {
    const at = line.indexOf(':');
    return [line.slice(0, at).toLowerCase(), line.slice(at + 1).trim()] as const;
  });
  const own = pairs.filter(([name]) => name !== 'x-amz-trailer-signature');
  return {
    trailers: Object.fromEntries(own),
    rawTrailers: own.map(([name, value]) => `${name}:${value}\n`).join(''),
    trailerSignature: pairs.find(([name]) => name === 'x-amz-trailer-signature')?.[1] ?? '',
  };
}
