import { type CallToolResult, ProtocolError, ProtocolErrorCode } from '@modelcontextprotocol/server';
import { checkedArguments } from './arguments.ts';
import { isOffered } from './list-tools.ts';
import type { Session } from './session.ts';
import { toolError } from './tool-error.ts';
import { TOOLS } from './tools/table.ts';

const BY_NAME = new Map(TOOLS.map(tool => [tool.name, tool]));

/**
 * What is refused is a result of the call, for the model to read and act on.
 * @throws ProtocolError when the caller has no such tool
 */
export async function callTool(name: string, given: unknown, session: Session): Promise<CallToolResult> {
  const tool = BY_NAME.get(name);
  if (tool === undefined || !isOffered(tool, session))
    throw new ProtocolError(ProtocolErrorCode.InvalidParams, `Unknown tool: ${name.slice(0, 100)}`);
  try {
    if (!tool.effects.readOnly) session.countWrite?.();
    const args = checkedArguments(tool.input, given);
    const { text, data, more = [] } = await tool.run(args as never, session);
    return {
      content: [{ type: 'text', text }, ...more],
      structuredContent: data as Record<string, unknown>,
    };
  } catch (error) {
    return toolError(error, name, session);
  }
}
