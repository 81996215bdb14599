import type { ListToolsResult } from '@modelcontextprotocol/server';
import type { Session } from './session.ts';
import type { Tool } from './tool.ts';
import { TOOLS } from './tools/table.ts';

/** What the caller could use somewhere. */
export async function listTools(session: Session): Promise<ListToolsResult> {
  const rights = await (await session.services.policy()).rights();
  const offered = TOOLS.filter(tool => isOffered(tool, session) && rights[tool.right]);
  return { tools: offered.map(described) };
}

/** False for a tool that the caller cannot use whatever the policy says. */
export function isOffered({ right, effects }: Tool, { principal, isReadOnly }: Session): boolean {
  if (isReadOnly && !effects.readOnly) return false;
  return principal.scope?.rights.includes(right) ?? true;
}

function described({
  name,
  title,
  description,
  effects,
  input,
  output,
}: Tool): ListToolsResult['tools'][number] {
  const { readOnly, destructive = false, idempotent = readOnly } = effects;
  return {
    name,
    title,
    description,
    inputSchema: input as unknown as ListToolsResult['tools'][number]['inputSchema'],
    outputSchema: output as ListToolsResult['tools'][number]['inputSchema'],
    annotations: {
      title,
      readOnlyHint: readOnly,
      destructiveHint: destructive,
      idempotentHint: idempotent,
      openWorldHint: false,
    },
  };
}
