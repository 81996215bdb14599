import type { Writable } from 'node:stream';
import type { APIGatewayProxyEventV2, StreamifyHandler } from 'aws-lambda';
import type { Api } from './answering.ts';
import { withinPlatform } from './event.ts';

/** What Lambda's Node runtime defines: https://docs.aws.amazon.com/lambda/latest/dg/config-rs-write-functions.html */
type Platform = Pick<typeof awslambda, 'streamifyResponse' | 'HttpResponseStream'>;

/**
 * A handler that streams its answers. Where there is no Lambda it refuses every call.
 * An answer of which the end cannot be sent ends as an error of the function, so that it is not taken for whole.
 */
export function streamed(api: Api): StreamifyHandler<APIGatewayProxyEventV2, void> {
  const { awslambda: platform } = globalThis as { awslambda?: Platform };
  // The SDK for AWS puts an empty one where there is none.
  if (platform?.streamifyResponse === undefined)
    return () => Promise.reject(new Error('Streaming fails: this is not Lambda'));
  return platform.streamifyResponse(async (event, stream, context) => {
    const { status: statusCode, headers, body } = withinPlatform(await api.respond(event, context));
    const out = platform.HttpResponseStream.from(stream, { statusCode, headers });
    if (typeof body === 'string' || body instanceof Uint8Array) await sendWhole(out, body);
    else await process.getBuiltinModule('node:stream').promises.pipeline(piecesOf(body), out);
    await api.settled(context);
  });
}

/** The platform's `end` takes no chunk, and sends status and headers with the first write, even of nothing. */
function sendWhole(out: Writable, body: string | Uint8Array): Promise<void> {
  return new Promise((resolve, reject) => {
    out.once('error', reject);
    out.write(typeof body === 'string' ? body : bufferOf(body));
    out.end(() => resolve());
  });
}

async function* piecesOf(body: AsyncIterable<Uint8Array>): AsyncGenerator<Buffer | string> {
  yield '';
  for await (const bytes of body) yield bufferOf(bytes);
}

/** The platform writes other views of bytes as JSON. */
function bufferOf(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
