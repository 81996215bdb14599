import { Server, type ServerOptions } from '@modelcontextprotocol/server';
import { callTool } from './call-tool.ts';
import { listTools } from './list-tools.ts';
import type { Session } from './session.ts';

const IDENTITY = { name: 'kittiwake', title: 'Kittiwake wiki', version: '0.1.0' };

const OPTIONS: ServerOptions = {
  capabilities: { tools: {} },
  instructions:
    'A wiki of Markdown pages in git. Read a page before you change it: writing needs the revision that was read, so that nobody\'s change is lost. When a write answers "Revision mismatch", read again and apply the change to the new text.',
  // Answers of people are never asked for: there is nothing to check them by.
  jsonSchemaValidator: {
    getValidator() {
      throw new Error('Nothing is elicited');
    },
  },
};

/** The server as one caller may use it, for one request over HTTP or one connection over stdio. */
export function createWikiServer(session: Session): Server {
  const server = new Server(IDENTITY, OPTIONS);
  server.setRequestHandler('tools/list', () => listTools(session));
  server.setRequestHandler('tools/call', ({ params }) => callTool(params.name, params.arguments, session));
  return server;
}
