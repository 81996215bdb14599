import type { McpServices } from '../../http/mcp-services.ts';
import { wikiAddress } from '../protected-resource.ts';
import type { ProjectionParts } from './parts.ts';

/** What the MCP server needs besides the services of its caller. */
export async function mcpOf({ environment }: ProjectionParts): Promise<McpServices> {
  const [{ config }, address] = await Promise.all([environment.settings(), wikiAddress(environment)]);
  const own = address === undefined ? [] : [new URL(address).origin];
  return { isOn: config.mcp, origins: [...own, ...config.mcpOrigins], log: environment.log };
}
