import type { Readable, Writable } from 'node:stream';
import { StdioServerTransport, serveStdio } from '@modelcontextprotocol/server/stdio';
import type { Session } from './session.ts';
import { createWikiServer } from './wiki-server.ts';

export interface StdioOptions {
  session: Session;
  input: Readable;
  /** Gets messages of the protocol and nothing else. */
  output: Writable;
  /** Takes what the client is not told: messages that cannot be read, an output that is gone. */
  onError(error: Error): void;
  /** Ends it. */
  signal: AbortSignal;
}

/** The largest attachment in base64, with room for what is around it. */
const MAX_MESSAGE_BYTES = 16 * 1024 * 1024;

/**
 * The Model Context Protocol over a pair of streams, one message a line: one client, which may speak revision 2026-07-28 or one of
 * 2025. Resolves when the client has ended its side; what it has not got an answer to by then it does not get.
 */
export async function serveOverStdio({
  session,
  input,
  output,
  onError,
  signal,
}: StdioOptions): Promise<void> {
  const transport = new StdioServerTransport(input, output, { maxBufferSize: MAX_MESSAGE_BYTES });
  const server = serveStdio(() => createWikiServer(session), { transport, onerror: onError });
  const { onclose } = transport;
  const closed = new Promise<void>(resolve => {
    transport.onclose = () => {
      onclose?.();
      resolve();
    };
  });
  const stop = () => void server.close();
  signal.addEventListener('abort', stop, { once: true });
  if (signal.aborted) stop();
  await closed;
  signal.removeEventListener('abort', stop);
}
