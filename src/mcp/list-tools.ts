import type { ListToolsResult } from '@modelcontextprotocol/server';
import { answerOrError } from './answer-schema.ts';
import type { Session } from './session.ts';
import type { Tool } from './tool.ts';
import { TOOLS } from './tools/table.ts';

/** What the caller could use somewhere. */
export async function listTools(session: Session): Promise<ListToolsResult> {
  const rights = await (await session.services.policy()).rights();
  const offered = TOOLS.filter(tool => isOffered(tool, session) && rights[tool.right]);
  return { tools: offered.map(tool => KNOWN.get(tool) ?? remembered(tool)) };
}

/** False for a tool that the caller cannot use whatever the policy says. */
export function isOffered({ right, effects }: Tool, { principal, isReadOnly }: Session): boolean {
  if (isReadOnly && !effects.readOnly) return false;
  return principal.scope?.rights.includes(right) ?? true;
}

type Described = ListToolsResult['tools'][number];

/** The same for everybody, made when first asked for. */
const KNOWN = new Map<Tool, Described>();

function remembered(tool: Tool): Described {
  const made = described(tool);
  KNOWN.set(tool, made);
  return made;
}

function described({ name, title, description, effects, input, output }: Tool): Described {
  const { readOnly, destructive = false, idempotent = readOnly } = effects;
  return {
    name,
    title,
    description,
    inputSchema: plain({ ...input, additionalProperties: false }) as Described['inputSchema'],
    outputSchema: answerOrError(output) as NonNullable<Described['outputSchema']>,
    annotations: {
      title,
      readOnlyHint: readOnly,
      destructiveHint: destructive,
      idempotentHint: idempotent,
      openWorldHint: false,
    },
  };
}

/** Without the nulls that are taken though no model has to send them: some clients do not know lists of types. */
function plain(schema: unknown): unknown {
  return JSON.parse(JSON.stringify(schema), (key, value: unknown) => {
    if (!Array.isArray(value) || (key !== 'type' && key !== 'enum')) return value;
    const kept = value.filter(item => item !== null && item !== 'null' && item !== '');
    return key === 'type' ? kept[0] : kept;
  });
}
