import type { Readable } from 'node:stream';

/** Content type of a stream that begins with the status and the headers of an HTTP answer. */
export const PRELUDE_TYPE = 'application/vnd.awslambda.http-integration-response';

const DELIMITER = Buffer.alloc(8);

/** What stands before the body of a streamed HTTP answer. */
export interface Prelude {
  statusCode?: number;
  headers?: Record<string, string>;
  cookies?: string[];
}

/**
 * Takes the metadata off a stream: JSON, eight NUL bytes, body. Undefined when the stream ends before the delimiter; then
 * there is no body.
 */
export async function takePrelude(
  body: Readable,
): Promise<{ prelude: Prelude | undefined; rest: AsyncIterable<Buffer> }> {
  const chunks = body[Symbol.asyncIterator]();
  let head: Buffer = Buffer.alloc(0);
  for (;;) {
    const at = head.indexOf(DELIMITER);
    if (at >= 0) {
      const prelude = JSON.parse(head.toString('utf8', 0, at));
      return { prelude, rest: following(head.subarray(at + DELIMITER.length), chunks) };
    }
    const { done, value } = await chunks.next();
    if (done === true) return { prelude: undefined, rest: following(Buffer.alloc(0), chunks) };
    head = Buffer.concat([head, value]);
  }
}

async function* following(first: Buffer, chunks: AsyncIterator<Buffer>): AsyncGenerator<Buffer> {
  if (first.length > 0) yield first;
  for (let each = await chunks.next(); each.done !== true; each = await chunks.next()) yield each.value;
}
