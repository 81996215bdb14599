/** Revisions of the protocol, of which clients are about. */
export const REVISIONS = ['2026-07-28', '2025-11-25'] as const;
export type Revision = (typeof REVISIONS)[number];

/** A call of a tool as it goes over the wire. */
export interface ToolCall {
  headers: Readonly<Record<string, string>>;
  body: Readonly<Record<string, unknown>>;
}

const CLIENT = { name: 'bench', version: '1.0.0' };

export function toolCall(revision: Revision, name: string, given: object): ToolCall {
  const isCurrent = revision === '2026-07-28';
  const own = {
    'io.modelcontextprotocol/protocolVersion': revision,
    'io.modelcontextprotocol/clientInfo': CLIENT,
    'io.modelcontextprotocol/clientCapabilities': {},
  };
  return {
    headers: {
      accept: 'application/json, text/event-stream',
      'content-type': 'application/json',
      'mcp-protocol-version': revision,
      ...(isCurrent ? { 'mcp-method': 'tools/call', 'mcp-name': name } : {}),
    },
    body: {
      jsonrpc: '2.0',
      id: 1,
      method: 'tools/call',
      params: { name, arguments: given, ...(isCurrent ? { _meta: own } : {}) },
    },
  };
}

/** What a tool answered. @throws Error when it refused */
// biome-ignore lint/suspicious/noExplicitAny: answers are checked by those who look into them
export function toolAnswer(text: string): any {
  const { result, error } = JSON.parse(text);
  if (result === undefined || result.isError === true)
    throw new Error(`Calling a tool fails: ${JSON.stringify(error ?? result).slice(0, 500)}`);
  return result.structuredContent;
}
