import { type CallToolResult, ProtocolError, ProtocolErrorCode } from '@modelcontextprotocol/server';
import { check } from '../http/schema.ts';
import { argumentsInvalid } from './errors.ts';
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
    throw new ProtocolError(ProtocolErrorCode.InvalidParams, `Unknown tool: ${name}`);
  try {
    const args = given ?? {};
    const problem = check(tool.input, args);
    if (problem !== undefined) throw argumentsInvalid(problem);
    const { text, data } = await tool.run(args as never, session);
    return {
      content: [{ type: 'text', text }],
      structuredContent: data as Record<string, unknown>,
    };
  } catch (error) {
    return toolError(error, session);
  }
}
